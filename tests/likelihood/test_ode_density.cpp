#include <catch2/catch.hpp>
#include <cmath>

#include "base/random.hpp"
#include "density/gaussian_mixture.hpp"
#include "likelihood/ode_density.hpp"

using namespace pushforward;

namespace {

const std::string kinds[] = {"ve", "vp", "subvp", "ddpm", "edm"};

Process process_of(const std::string& kind) {
  return Process(kind == "ve" ? ProcessSettings::continuous("ve")
                              : ProcessSettings::with_defaults(kind));
}

OdeSettings traced(double tolerance, Trace trace = Trace::exact) {
  OdeSettings settings;
  settings.atol = settings.rtol = tolerance;
  settings.trace = trace;
  return settings;
}

template <class T>
std::vector<T> normal_rows(std::size_t count, std::size_t columns, double scale) {
  std::vector<T> rows(count * columns);
  Random(3, Stream::init).fill_normal(rows.data(), count, columns, 0);
  for (T& v : rows) v *= static_cast<T>(scale);
  return rows;
}

template <class T>
OdeLogDensity densities(const NoisedModel& model, const OdeSettings& settings, double time,
                        const std::vector<T>& rows, const std::vector<int>& labels = {}) {
  Workers workers(2);
  OdeDensity<T> density(model, settings, time, &workers);
  return density.log_density({}, rows.data(), rows.size() / model.unit.size(), labels);
}

double log_normal(double x, double variance) {
  return -0.5 * (std::log(2 * 3.14159265358979323846 * variance) + x * x / variance);
}

// Log density of scale X + deviation Z at the rows.
std::vector<double> noised(const Density& density, double scale, double deviation,
                           const std::vector<double>& rows) {
  Workers workers(1);
  const auto function = [&](Scope scope, Expr x) -> std::vector<Expr> {
    Graph& graph = scope.graph();
    return {density.noised_log_density(scope, x, graph.constant(scale), graph.constant(deviation))};
  };
  RowEvaluator<double> evaluator(function, density.parameters(), density.dimension(), &workers);
  return evaluator.run(rows.data(), rows.size() / std::size_t(density.dimension()))[0];
}

// A network with something to say: its output starts at zero.
ScoreModel network(const std::string& kind, int classes) {
  ScoreDescription d;
  d.dimension = 2;
  d.process = process_of(kind);
  d.hidden = 16;
  d.depth = 2;
  d.classes = classes;
  d.mean = {5, -3};
  d.sigma_data = {2, 0.5};
  ScoreModel model(d, 1);
  std::vector<double>& values = model.parameters().values;
  Random(8, Stream::evaluation).fill_normal(values.data(), 1, values.size(), 0);
  for (double& v : values) v *= 0.3;
  return model;
}

}  // namespace

TEST_CASE("the density of a Gaussian is its closed form for every process", "[ode_density]") {
  // Variances 1.6 and 0.4 along (1, 1) and (1, -1). The prior has no such directions, so the result
  // is the prior at the row's image, pulled back.
  const GaussianMixture gaussian(correlated_gaussian(2, 0.6));
  const std::vector<double> rows = normal_rows<double>(200, 2, 1.5);
  for (const std::string& kind : kinds) {
    const Process process = process_of(kind);
    const NoisedModel model = noised_model(gaussian, process);
    for (const double time : {process.min_time(), 0.5 * process.last_time()}) {
      const double a = process.scale(time), from = process.sigma(time);
      const double to = process.sigma(process.last_time()), prior = process.prior_deviation();
      const OdeLogDensity wide = densities(model, traced(1e-6), time, rows);
      const OdeLogDensity narrow =
          densities(model, traced(1e-6), time, std::vector<float>(rows.begin(), rows.end()));
      for (std::size_t r = 0; r < 200; ++r) {
        double expected = -2 * std::log(a);
        for (const int sign : {1, -1}) {
          const double c = 1 + sign * 0.6;
          const double factor = std::sqrt((c + to * to) / (c + from * from));
          const double v = (rows[2 * r] + sign * rows[2 * r + 1]) / std::sqrt(2.0) / a;
          expected += log_normal(factor * v, prior * prior) + std::log(factor);
        }
        INFO(kind << " from t = " << time << ", row " << r);
        REQUIRE(wide.log_density[r] == Approx(expected).margin(1e-5));
        REQUIRE(narrow.log_density[r] == Approx(expected).margin(1e-4));
      }
    }
  }
}

TEST_CASE("a mixture's density is its exact one but for the prior", "[ode_density]") {
  const GaussianMixture mixture(eight_gaussians());
  const std::vector<double> rows = normal_rows<double>(300, 2, 2);
  for (const std::string& kind : kinds) {
    const Process process = process_of(kind);
    const double time = process.min_time();
    const NoisedModel model = noised_model(mixture, process);
    const OdeLogDensity ode = densities(model, traced(1e-6), time, rows);
    const double a = process.scale(time);
    const std::vector<double> exact = noised(mixture, a, a * process.sigma(time), rows);
    for (std::size_t r = 0; r < exact.size(); ++r) {
      INFO(kind << ", row " << r << ", error " << ode.error[r]);
      // The prior leaves out the data's own variance, a share of its own that the log density sees
      // times its distance from the mode.
      const double share = 5 / std::pow(process.prior_deviation(), 2);
      REQUIRE(ode.log_density[r] == Approx(exact[r]).margin(1e-3 - share * exact[r]));
      REQUIRE(ode.error[r] < 1e-3);
    }
  }
}

TEST_CASE("densities of a network integrate to one", "[ode_density]") {
  for (const std::string kind : {"vp", "edm"}) {
    const ScoreModel score = network(kind, 0);
    const NoisedModel model = noised_model(score);
    // A grid over nine deviations each way from the mean: its sum is as good as the integral.
    constexpr int side = 60;
    std::vector<double> rows;
    const double step[2] = {18 * 2.0 / side, 18 * 0.5 / side};
    for (int i = 0; i < side; ++i)
      for (int j = 0; j < side; ++j)
        rows.insert(rows.end(), {5 + step[0] * (i - side / 2), -3 + step[1] * (j - side / 2)});
    const OdeLogDensity out = densities(model, traced(1e-4), kind == "vp" ? 0.1 : 0.3, rows);
    double sum = 0;
    for (const double value : out.log_density) sum += std::exp(value) * step[0] * step[1];
    INFO(kind);
    CHECK(sum == Approx(1).margin(0.01));
  }
}

TEST_CASE("the score is that of the noised density, in data units", "[ode_density]") {
  const GaussianMixture mixture(eight_gaussians());
  const std::vector<double> rows = normal_rows<double>(20, 2, 2);
  constexpr double h = 1e-5;
  for (const std::string& kind : kinds) {
    const Process process = process_of(kind);
    const double time = 0.3 * process.last_time();
    const NoisedModel model = noised_model(mixture, process);
    Workers workers(1);
    OdeDensity<double> density(model, traced(1e-5), time, &workers);
    const std::vector<double> score = density.score(rows.data(), 20);
    const double a = process.scale(time);
    for (std::size_t i = 0; i < rows.size(); ++i) {
      std::vector<double> up = rows, down = rows;
      up[i] += h;
      down[i] -= h;
      const double deviation = a * process.sigma(time);
      const double slope =
          (noised(mixture, a, deviation, up)[i / 2] - noised(mixture, a, deviation, down)[i / 2]) /
          (2 * h);
      REQUIRE(score[i] == Approx(slope).margin(1e-6));
    }
  }
}

TEST_CASE("a row of a conditional model is scored under its own label", "[ode_density]") {
  const ScoreModel score = network("vp", 3);
  const NoisedModel model = noised_model(score);
  std::vector<double> rows = normal_rows<double>(40, 2, 1);
  const double time = model.process.min_time();
  std::vector<int> labels;
  for (int r = 0; r < 40; ++r) labels.push_back(r % 3);
  OdeSettings settings = traced(1e-5, Trace::hutchinson);
  settings.probes = 2;
  const OdeLogDensity mixed = densities(model, settings, time, rows, labels);
  for (const int label : {0, 1, 2}) {
    const OdeLogDensity alone = densities(model, settings, time, rows, std::vector<int>(40, label));
    for (std::size_t r = 0; r < 40; ++r) {
      const bool own = labels[r] == label;
      CHECK((alone.log_density[r] == mixed.log_density[r]) == own);
    }
  }
}
