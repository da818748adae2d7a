#include <catch2/catch.hpp>
#include <cmath>

#include "base/random.hpp"
#include "graph/plan.hpp"
#include "score/score_model.hpp"

using namespace pushforward;

namespace {

constexpr int rows = 5, columns = 3;

ScoreDescription description(Parametrization parametrization, const std::string& kind) {
  ScoreDescription d;
  d.dimension = columns;
  ProcessSettings settings = ProcessSettings::with_defaults(kind);
  settings.sigma = kind == "none" ? 0.3 : 0;
  d.process = Process(settings);
  d.parametrization = parametrization;
  d.hidden = 16;
  d.depth = 3;
  d.mean = {1, -2, 0.5};
  d.sigma_data = {0.5, 2, 1};
  return d;
}

// Weights away from their start, where the output layer is 0.
ScoreModel model_of(Parametrization parametrization, const std::string& kind) {
  ScoreModel model(description(parametrization, kind), 3);
  std::vector<double>& values = model.parameters().values;
  std::vector<double> noise(values.size());
  Random(8, Stream::evaluation).fill_normal(noise.data(), 1, noise.size(), 0);
  for (std::size_t i = 0; i < values.size(); ++i) values[i] += 0.1 * noise[i];
  return model;
}

struct Values {
  std::vector<double> score, denoised, scaled;
};

template <class T>
Values values_of(const ScoreModel& model, const std::vector<T>& x, const std::vector<T>& sigma) {
  Graph graph;
  Binding binding(&graph, &model.parameters());
  const Expr in = graph.input("x", rows, columns);
  const Expr level = graph.input("sigma", static_cast<int>(sigma.size()), 1);
  const Scope scope(&binding);
  Evaluator<T> evaluator({in, level}, binding.expressions(),
                         {model.score(scope, in, level), model.denoise(scope, in, level),
                          model.scaled_score(scope, in, level)});
  evaluator.set_parameters(model.parameters().values);
  std::vector<T> out[3];
  for (auto& o : out) o.resize(rows * columns);
  evaluator.run(0, {x.data(), sigma.data()}, {out[0].data(), out[1].data(), out[2].data()});
  const auto wide = [](const std::vector<T>& v) { return std::vector<double>(v.begin(), v.end()); };
  return {wide(out[0]), wide(out[1]), wide(out[2])};
}

std::vector<double> some_rows() {
  std::vector<double> x(rows * columns);
  Random(1, Stream::evaluation).fill_normal(x.data(), rows, columns, 0);
  return x;
}

const std::vector<double> some_levels = {0.002, 0.05, 0.3, 2, 80};

}  // namespace

TEST_CASE("score, denoiser and parametrizations agree", "[score]") {
  const std::vector<double> x = some_rows();
  const ScoreModel raw = model_of(Parametrization::score, "edm");
  const std::vector<double> f = values_of(raw, x, some_levels).score;  // the network's output
  for (const Parametrization p :
       {Parametrization::score, Parametrization::noise, Parametrization::data,
        Parametrization::velocity, Parametrization::edm}) {
    INFO(parametrization_name(p));
    const ScoreModel model = model_of(p, "edm");
    REQUIRE(model.parameters().values == raw.parameters().values);
    const Values v = values_of(model, x, some_levels);
    for (std::size_t r = 0; r < rows; ++r)
      for (std::size_t c = 0; c < columns; ++c) {
        const std::size_t i = r * columns + c;
        const double sigma = some_levels[r], data = model.description().sigma_data[c];
        const double mean = model.description().mean[c], variance = sigma * sigma + data * data;
        // Karras et al. 2022, table 1.
        const double c_skip = data * data / variance, c_out = sigma * data / std::sqrt(variance);
        double denoised = 0;
        switch (p) {
          case Parametrization::score:
            denoised = x[i] + sigma * sigma * f[i];
            break;
          case Parametrization::noise:
            denoised = x[i] - sigma * f[i];
            break;
          case Parametrization::data:
            denoised = mean + data * f[i];
            break;
          case Parametrization::velocity: {
            // Salimans, Ho 2022: x_0 = a x_t - b v, in y = x - mean with a^2 + b^2 = 1.
            const double a = 1 / std::sqrt(1 + sigma * sigma), b = sigma * a;
            denoised = mean + a * (a * (x[i] - mean)) - b * f[i];
            break;
          }
          case Parametrization::edm:
            denoised = mean + c_skip * (x[i] - mean) + c_out * f[i];
            break;
        }
        const double scale = std::max(1.0, std::abs(x[i]));
        CHECK(std::abs(v.denoised[i] - denoised) < 1e-11 * scale * (1 + sigma * sigma));
        CHECK(v.score[i] * sigma == Approx(v.scaled[i]).epsilon(1e-12));
        CHECK(v.denoised[i] ==
              Approx(x[i] + sigma * sigma * v.score[i]).margin(1e-11 * (1 + sigma * sigma)));
      }
  }
}

TEST_CASE("a fresh edm model is the exact score of independent Gaussian columns", "[score]") {
  const ScoreModel model(description(Parametrization::edm, "edm"), 3);
  const std::vector<double> x = some_rows();
  const Values v = values_of(model, x, some_levels);
  for (std::size_t i = 0; i < x.size(); ++i) {
    const double sigma = some_levels[i / columns],
                 data = model.description().sigma_data[i % columns];
    const double exact =
        -(x[i] - model.description().mean[i % columns]) / (sigma * sigma + data * data);
    CHECK(v.score[i] == Approx(exact).epsilon(1e-12));
  }
}

TEST_CASE("one level for all rows gives what a level a row gives", "[score]") {
  const std::vector<double> x = some_rows();
  for (const std::string kind : {"none", "ve"}) {
    const ScoreModel model = model_of(Parametrization::noise, kind);
    const Values one = values_of<double>(model, x, {0.3});
    const Values each = values_of<double>(model, x, std::vector<double>(rows, 0.3));
    for (std::size_t i = 0; i < x.size(); ++i)
      CHECK(one.score[i] == Approx(each.score[i]).epsilon(1e-10));
  }
}

TEST_CASE("float and double agree", "[score]") {
  const std::vector<double> x = some_rows();
  const ScoreModel model = model_of(Parametrization::edm, "edm");
  const Values wide = values_of(model, x, some_levels);
  const Values narrow = values_of(model, std::vector<float>(x.begin(), x.end()),
                                  std::vector<float>(some_levels.begin(), some_levels.end()));
  for (std::size_t i = 0; i < x.size(); ++i) {
    CHECK(narrow.scaled[i] == Approx(wide.scaled[i]).epsilon(1e-4).margin(1e-5));
    CHECK(narrow.denoised[i] == Approx(wide.denoised[i]).epsilon(1e-4).margin(1e-4));
  }
}

TEST_CASE("without levels the network does not look at one", "[score]") {
  const ScoreModel model(description(Parametrization::noise, "none"), 0);
  CHECK(model.parameters().find("level/weight") == nullptr);
  CHECK(
      ScoreModel(description(Parametrization::noise, "ve"), 0).parameters().find("level/weight") !=
      nullptr);
}

TEST_CASE("processes that end in N(0, 1) work on standardised columns", "[score]") {
  const ScoreModel vp(description(Parametrization::edm, "vp"), 3);
  const ScoreModel edm(description(Parametrization::edm, "edm"), 3);
  CHECK(vp.offset() == vp.description().mean);
  CHECK(vp.unit() == vp.description().sigma_data);
  CHECK(vp.centre() == std::vector<double>(columns, 0.0));
  CHECK(edm.offset() == std::vector<double>(columns, 0.0));
  CHECK(edm.unit() == std::vector<double>(columns, 1.0));
  CHECK(edm.centre() == edm.description().mean);
  // Fresh, it is the score of standard normal columns.
  const std::vector<double> x = some_rows();
  const Values v = values_of(vp, x, some_levels);
  for (std::size_t i = 0; i < x.size(); ++i) {
    const double sigma = some_levels[i / columns];
    CHECK(v.score[i] == Approx(-x[i] / (1 + sigma * sigma)).epsilon(1e-12));
  }
}

TEST_CASE("a network that is not told the level scales its score by it", "[score]") {
  // Song, Ermon 2020: s(x, sigma) = s(x) / sigma.
  ScoreDescription d = description(Parametrization::noise, "ve");
  d.embedding = Embedding::none;
  ScoreModel model(d, 3);
  for (std::size_t i = 0; i < model.parameters().size(); ++i)
    model.parameters().values[i] += 0.1 * std::sin(double(i));
  const std::vector<double> x = some_rows();
  const Values low = values_of<double>(model, x, {0.1}), high = values_of<double>(model, x, {2});
  for (std::size_t i = 0; i < x.size(); ++i)
    CHECK(low.score[i] * 0.1 == Approx(high.score[i] * 2).epsilon(1e-12));
}
