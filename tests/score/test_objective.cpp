#include <catch2/catch.hpp>
#include <cmath>

#include "base/error.hpp"
#include "base/random.hpp"
#include "score/objective.hpp"

using namespace pushforward;

namespace {

const std::vector<double> deviations = {1.5, 0.4};

TrainingRows gaussian_rows(std::size_t count, std::uint64_t seed) {
  TrainingRows rows;
  rows.columns = deviations.size();
  rows.values.resize(count * rows.columns);
  Random(seed, Stream::data).fill_normal(rows.values.data(), count, rows.columns, 0);
  for (std::size_t i = 0; i < rows.values.size(); ++i)
    rows.values[i] *= static_cast<float>(deviations[i % rows.columns]);
  return rows;
}

ScoreModel model_of(ProcessKind kind, Parametrization parametrization) {
  ScoreDescription d;
  d.dimension = 2;
  d.process = Process::with_defaults(kind);
  if (kind == ProcessKind::none) d.process.sigma = 0.5;
  d.parametrization = parametrization;
  d.hidden = 32;
  d.depth = 2;
  d.mean = {0, 0};
  d.sigma_data = deviations;
  return ScoreModel(d, 1);
}

// The least value of dsm on the Gaussian: mean over levels of 1/2 sum_j c_j / (c_j + sigma^2).
double dsm_floor(const std::vector<double>& levels) {
  double sum = 0;
  for (const double sigma : levels)
    for (const double s : deviations) sum += 0.5 * s * s / (s * s + sigma * sigma);
  return sum / static_cast<double>(levels.size());
}

}  // namespace

TEST_CASE("the losses of an exact model are their floors", "[objective]") {
  // Each row's loss has a deviation of about its mean; 200,000 rows: 0.25%.
  const TrainingRows rows = gaussian_rows(200000, 5);
  const auto loss = [&](const char* name, ProcessKind kind) {
    const ScoreModel model = model_of(kind, Parametrization::edm);  // exact as it starts
    return mean_loss<double>(*make_objective(name, &model, ""), model.parameters(), rows, 0, 2);
  };
  CHECK(loss("dsm", ProcessKind::none) == Approx(dsm_floor({0.5})).epsilon(0.01));
  CHECK(loss("dsm", ProcessKind::ve) ==
        Approx(dsm_floor(Process::with_defaults(ProcessKind::ve).ladder())).epsilon(0.01));
  CHECK(loss("denoise", ProcessKind::none) == Approx(2).epsilon(0.01));
  CHECK(loss("denoise", ProcessKind::ve) == Approx(2).epsilon(0.01));
  CHECK(loss("denoise", ProcessKind::edm) == Approx(2).epsilon(0.01));
}

TEST_CASE("training reaches the floor", "[objective]") {
  const TrainingRows rows = gaussian_rows(20000, 6), fresh = gaussian_rows(100000, 7);
  const ScoreModel model = model_of(ProcessKind::ve, Parametrization::noise);
  const auto objective = make_objective("dsm", &model, "");
  const double floor = dsm_floor(model.description().process.ladder());
  const double before = mean_loss<float>(*objective, model.parameters(), fresh, 0, 2);
  CHECK(before == Approx(1).epsilon(0.02));  // predicting no noise: 1/2 E||z||^2
  TrainingOptions options;
  options.steps = 1500;
  options.learning_rate = 3e-3;
  options.schedule = Schedule::cosine;
  options.threads = 2;
  TrainingState state;
  train<float>(*objective, model.parameters(), rows, {}, options, {}, &state);
  ScoreModel trained = model;
  trained.parameters().values = final_parameters(state);
  const auto trained_objective = make_objective("dsm", &trained, "");
  const double after = mean_loss<float>(*trained_objective, trained.parameters(), fresh, 0, 2);
  CHECK(after < floor + 0.02);
  CHECK(after > floor - 0.01);
}

TEST_CASE("threads do not change the bits of training", "[objective]") {
  const TrainingRows rows = gaussian_rows(2000, 6);
  const ScoreModel model = model_of(ProcessKind::edm, Parametrization::edm);
  const auto objective = make_objective("denoise", &model, "");
  std::vector<double> results[2];
  for (int threads : {1, 2}) {
    TrainingOptions options;
    options.steps = 20;
    options.batch = 500;
    options.threads = threads;
    TrainingState state;
    train<float>(*objective, model.parameters(), rows, {}, options, {}, &state);
    results[threads - 1] = final_parameters(state);
  }
  CHECK(results[0] == results[1]);
}

TEST_CASE("an unknown objective is named", "[objective]") {
  const ScoreModel model = model_of(ProcessKind::ve, Parametrization::noise);
  CHECK_THROWS_WITH(make_objective("ism", &model, "f.h5"),
                    "f.h5: unknown objective 'ism'; this version knows dsm, denoise");
}
