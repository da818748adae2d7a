#include <catch2/catch.hpp>
#include <cmath>
#include <functional>

#include "base/error.hpp"
#include "base/random.hpp"
#include "nn/loss_program.hpp"
#include "nn/train.hpp"
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

ScoreDescription description_of(const std::string& kind, Parametrization parametrization) {
  ScoreDescription d;
  d.dimension = 2;
  ProcessSettings settings = ProcessSettings::with_defaults(kind);
  if (kind == "none") settings.sigma = 0.5;
  d.process = Process(settings);
  d.parametrization = parametrization;
  d.hidden = 32;
  d.depth = 2;
  d.mean = {0, 0};
  d.sigma_data = deviations;
  return d;
}

ScoreModel model_of(const std::string& kind, Parametrization parametrization) {
  return ScoreModel(description_of(kind, parametrization), 1);
}

ScoreObjective objective_of(const char* name, const ScoreModel& model,
                            Projection projection = Projection::rademacher) {
  return ScoreObjective(&model, score_loss_named(name, ""), projection);
}

// Mean over the levels of training rows of a function of (sigma, variance of a column) summed over
// the columns, in the model's coordinates.
double mean_over_levels(const ScoreObjective& objective, const ScoreModel& model,
                        const std::function<double(double, double)>& of) {
  constexpr int points = 20000;
  double sum = 0;
  for (int i = 0; i < points; ++i) {
    const double sigma = objective.level_columns() > 0 ? objective.draw_sigma((i + 0.5) / points)
                                                       : model.process().settings().sigma;
    for (const double s : deviations)
      sum += of(sigma, model.process().standardizes() ? 1 : s * s) / points;
  }
  return sum;
}

}  // namespace

TEST_CASE("the losses of an exact model are their floors", "[objective]") {
  // Each row's loss has a deviation of about its mean; 200,000 rows: 0.25%.
  const TrainingRows rows = gaussian_rows(200000, 5);
  for (const std::string kind : {"none", "ve", "vp", "subvp", "ddpm", "edm"}) {
    const ScoreModel model = model_of(kind, Parametrization::edm);  // exact as it starts
    for (const std::string name : {"ism", "ssm", "ssm-vr", "dsm", "ml", "denoise"}) {
      if (kind == "none" && name == "ml") continue;
      INFO(kind << " " << name);
      const ScoreObjective objective = objective_of(name.c_str(), model);
      const double loss = mean_loss<double>(objective, model.parameters(), rows, 0, 2);
      const double weight =
          name == "ml" ? 2 * std::log(objective.draw_sigma(1) / objective.draw_sigma(0)) : 1;
      const double floor =
          weight * mean_over_levels(objective, model, [&](double sigma, double c) {
            const double variance = sigma * sigma;
            if (name == "denoise") return 1.0;
            if (name == "dsm" || name == "ml") return 0.5 * c / (c + variance);
            return -0.5 * (objective.level_columns() > 0 ? variance : 1) / (c + variance);
          });
      // The slices v'grad(s)v of ssm vary as much as the value.
      CHECK(loss == Approx(floor).epsilon(name[0] == 's' ? 0.02 : 0.012));
    }
  }
}

TEST_CASE("sliced losses have the mean of the exact trace, for both projections", "[objective]") {
  const TrainingRows rows = gaussian_rows(100000, 5);
  ScoreModel model = model_of("edm", Parametrization::noise);
  std::vector<double>& values = model.parameters().values;
  std::vector<double> noise(values.size());
  Random(8, Stream::evaluation).fill_normal(noise.data(), 1, noise.size(), 0);
  for (std::size_t i = 0; i < values.size(); ++i) values[i] += 0.1 * noise[i];
  const auto loss = [&](const char* name, Projection projection) {
    return mean_loss<double>(objective_of(name, model, projection), model.parameters(), rows, 0, 2);
  };
  const double exact = loss("ism", Projection::rademacher);
  for (const Projection projection : {Projection::rademacher, Projection::normal})
    for (const char* name : {"ssm", "ssm-vr"})
      CHECK(loss(name, projection) == Approx(exact).epsilon(0.02).margin(0.01));
}

TEST_CASE("the gradient of every loss is its difference quotient", "[objective]") {
  const TrainingRows rows = gaussian_rows(40, 6);
  for (const char* name : {"ism", "ssm", "ssm-vr", "dsm", "ml", "denoise"})
    for (const std::string kind : {"vp", "edm"}) {
      INFO(name << " " << kind);
      ScoreModel model = model_of(kind, Parametrization::velocity);
      std::vector<double>& values = model.parameters().values;
      for (std::size_t i = 0; i < values.size(); ++i)
        values[i] += 0.1 * std::sin(double(i));  // the output layer starts at 0
      const ScoreObjective objective = objective_of(name, model);
      LossProgram<double> program(objective, model.parameters(), rows.count(), 2, true, 1);
      std::vector<std::uint64_t> index(rows.count());
      for (std::size_t i = 0; i < index.size(); ++i) index[i] = i;
      const LossProgram<double>::Noise drawn{Random(0, Stream::loss_noise),
                                             Random(0, Stream::loss_level), 0, 0};
      std::vector<double> gradient(values.size()), other(values.size());
      const auto loss = [&](std::vector<double>* to) {
        program.bind_parameters(values.data());
        return program.run(0, rows, index.data(), index.size(), drawn, to->data());
      };
      loss(&gradient);
      double largest = 0;
      for (const double g : gradient) largest = std::max(largest, std::abs(g));
      const std::size_t stride = values.size() / 23;
      for (std::size_t i = 0; i < values.size(); i += stride) {
        const double at = values[i], h = 1e-5;
        values[i] = at + h;
        const double after = loss(&other);
        values[i] = at - h;
        const double before = loss(&other);
        values[i] = at;
        CHECK((after - before) / (2 * h) ==
              Approx(gradient[i]).epsilon(1e-6).margin(1e-7 * largest));
      }
    }
}

TEST_CASE("dropped labels are hidden in training only", "[objective]") {
  ScoreDescription d = description_of("edm", Parametrization::edm);
  d.classes = 3;
  ScoreModel model(d, 1);
  for (std::size_t i = 0; i < model.parameters().size(); ++i)
    model.parameters().values[i] += 0.1 * std::sin(double(i));
  TrainingRows rows;
  rows.columns = 5;
  const TrainingRows plain = gaussian_rows(64, 5);
  TrainingRows unlabelled;
  unlabelled.columns = 5;
  for (std::size_t i = 0; i < plain.count(); ++i)
    for (std::size_t j = 0; j < 5; ++j) {
      rows.values.push_back(j < 2 ? plain.values[2 * i + j] : j == 2 + i % 3 ? 1.0f : 0.0f);
      unlabelled.values.push_back(j < 2 ? plain.values[2 * i + j] : 0.0f);
    }
  std::vector<std::uint64_t> index(rows.count());
  for (std::size_t i = 0; i < index.size(); ++i) index[i] = i;
  const auto loss = [&](const TrainingRows& of, double dropout, bool training) {
    d.label_dropout = dropout;
    ScoreModel dropping(d, 1);
    dropping.parameters().values = model.parameters().values;
    const ScoreObjective objective = objective_of("dsm", dropping);
    LossProgram<double> program(objective, model.parameters(), of.count(), 5, training, 1);
    program.bind_parameters(model.parameters().values.data());
    std::vector<double> gradient(model.parameters().size());
    // With a fixed level: the uniform number that hides the label comes before that of the level.
    return program.run(0, of, index.data(), index.size(),
                       {Random(0, Stream::loss_noise), Random(0, Stream::loss_level), 0, 0},
                       gradient.data());
  };
  CHECK(loss(rows, 0, true) == Approx(loss(rows, 0, false)).epsilon(1e-12));
  CHECK(std::abs(loss(rows, 0, false) - loss(unlabelled, 0, false)) > 1e-6);
  // All but a share of 1e-12 hidden: the loss of rows without a label.
  CHECK(loss(rows, 1 - 1e-12, true) == Approx(loss(unlabelled, 1 - 1e-12, true)).epsilon(1e-12));
  CHECK(std::abs(loss(rows, 1 - 1e-12, false) - loss(unlabelled, 1 - 1e-12, false)) > 1e-6);
}

TEST_CASE("training reaches the floor", "[objective]") {
  const TrainingRows rows = gaussian_rows(20000, 6), fresh = gaussian_rows(100000, 7);
  const ScoreModel model = model_of("ve", Parametrization::noise);
  const ScoreObjective objective = objective_of("dsm", model);
  const double floor = mean_over_levels(
      objective, model, [](double sigma, double c) { return 0.5 * c / (c + sigma * sigma); });
  const double before = mean_loss<float>(objective, model.parameters(), fresh, 0, 2);
  CHECK(before == Approx(1).epsilon(0.02));  // predicting no noise: 1/2 E||z||^2
  TrainingOptions options;
  options.steps = 1500;
  options.learning_rate = 3e-3;
  options.schedule = Schedule::cosine;
  options.threads = 2;
  TrainingState state;
  train<float>({objective, model.parameters(), rows, {}}, options, {}, &state);
  ScoreModel trained = model;
  trained.parameters().values = final_parameters(state);
  const double after =
      mean_loss<float>(objective_of("dsm", trained), trained.parameters(), fresh, 0, 2);
  CHECK(after < floor + 0.02);
  CHECK(after > floor - 0.01);
}

TEST_CASE("threads do not change the bits of training", "[objective]") {
  const TrainingRows rows = gaussian_rows(2000, 6);
  const ScoreModel model = model_of("edm", Parametrization::edm);
  const ScoreObjective objective = objective_of("denoise", model);
  std::vector<double> results[2];
  for (int threads : {1, 2}) {
    TrainingOptions options;
    options.steps = 20;
    options.batch = 500;
    options.threads = threads;
    TrainingState state;
    train<float>({objective, model.parameters(), rows, {}}, options, {}, &state);
    results[threads - 1] = final_parameters(state);
  }
  CHECK(results[0] == results[1]);
}

TEST_CASE("implicit losses of clean rows reach the floor without noise", "[objective]") {
  // Score of a Gaussian by ism on the rows as they are: -1/2 sum_j 1 / c_j.
  const TrainingRows rows = gaussian_rows(20000, 6), fresh = gaussian_rows(100000, 7);
  ScoreDescription d = description_of("none", Parametrization::score);
  d.process = Process(ProcessSettings::with_defaults("none"));
  const ScoreModel model(d, 1);
  double floor = 0;
  for (const double s : deviations) floor -= 0.5 / (s * s);
  for (const char* name : {"ism", "ssm-vr"}) {
    TrainingOptions options;
    options.steps = 800;
    options.learning_rate = 5e-3;
    options.schedule = Schedule::cosine;
    options.threads = 2;
    TrainingState state;
    train<float>({objective_of(name, model), model.parameters(), rows, {}}, options, {}, &state);
    ScoreModel trained = model;
    trained.parameters().values = final_parameters(state);
    const double after =
        mean_loss<float>(objective_of("ism", trained), trained.parameters(), fresh, 0, 2);
    INFO(name);
    CHECK(after < floor + 0.15);
    CHECK(after > floor - 0.03);
  }
}

TEST_CASE("an unknown objective is named", "[objective]") {
  CHECK_THROWS_WITH(
      score_loss_named("gan", "f.h5"),
      "f.h5: unknown objective 'gan'; this version knows ism, ssm, ssm-vr, dsm, ml, denoise");
}
