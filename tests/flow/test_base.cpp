// Base distributions: each integrates to one and is what is drawn.
#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>

#include "flow/draw.hpp"

using namespace pushforward;

namespace {

// A base with weights far from their start.
struct Learned {
  FlowSpec spec;
  std::unique_ptr<Base> base;
  ParameterTable table;

  Learned(const std::string& name, int dimension) {
    spec.base = name;
    spec.dimension = dimension;
    spec.hidden = 8;
    spec.components = 3;
    base = make_base(spec);
    Graph graph;
    Binding binding(&graph, &table, 3);
    (void)base->log_density(Scope(&binding), graph.input("z", 1, dimension));
    std::vector<double> noise(table.size());
    Random(9, Stream::parameters).fill_normal(noise.data(), 1, noise.size(), 0);
    for (std::size_t i = 0; i < noise.size(); ++i) table.values[i] += 0.4 * noise[i];
  }

  template <class T>
  std::vector<T> log_density(const std::vector<T>& z) const {
    Workers workers(1);
    RowEvaluator<T> evaluator(
        [&](Scope scope, Expr x) { return std::vector<Expr>{base->log_density(scope, x)}; }, table,
        spec.dimension, &workers);
    return evaluator.run(z.data(), z.size() / static_cast<std::size_t>(spec.dimension))[0];
  }

  std::vector<double> draw(std::size_t rows, double temperature) const {
    const int columns = base->normal_columns() + base->uniform_columns();
    std::vector<double> numbers(rows * static_cast<std::size_t>(columns));
    fill_base_numbers(*base, numbers.data(), rows, 11, 0);
    Workers workers(1);
    RowEvaluator<double> evaluator(
        [&](Scope scope, Expr x) {
          return std::vector<Expr>{draw_from_numbers(*base, scope, x, temperature)};
        },
        table, columns, &workers);
    return evaluator.run(numbers.data(), rows)[0];
  }
};

// Density and distribution function on a fine grid of one dimension.
struct Curve {
  double low = -400, step = 0.005;
  std::vector<double> below;  // integral up to low + i step
  explicit Curve(const Learned& learned) {
    std::vector<double> z;
    for (double x = low; x < -low; x += step) z.push_back(x + step / 2);
    double sum = 0;
    for (const double log_p : learned.log_density(z))
      below.push_back(sum += std::exp(log_p) * step);
  }
  double distribution(double z) const {
    const double at = (z - low) / step;
    if (at < 1) return 0;
    if (at >= static_cast<double>(below.size())) return 1;
    const std::size_t i = static_cast<std::size_t>(at);
    return below[i - 1] + (below[i] - below[i - 1]) * (at - static_cast<double>(i));
  }
};

}  // namespace

TEST_CASE("base densities integrate to one and draws follow them", "[base]") {
  for (const std::string& name : base_names()) {
    INFO(name);
    const Learned learned(name, 1);
    const Curve curve(learned);
    CHECK(curve.below.back() == Approx(1).epsilon(name == "student" ? 2e-3 : 1e-6));
    // Kolmogorov's distance of 20,000 draws; 1.95 / sqrt(n) is exceeded once in a thousand sets.
    std::vector<double> z = learned.draw(20000, 1);
    std::sort(z.begin(), z.end());
    double distance = 0;
    for (std::size_t i = 0; i < z.size(); ++i) {
      const double f = curve.distribution(z[i]), n = static_cast<double>(z.size());
      distance = std::max({distance, std::abs(f - double(i) / n), std::abs(f - double(i + 1) / n)});
    }
    CHECK(distance < 1.95 / std::sqrt(20000.0));
  }
}

TEST_CASE("base densities in the plane integrate to one and draws follow them", "[base]") {
  for (const std::string name : {"normal", "logistic", "mixture", "rad"}) {
    INFO(name);
    const Learned learned(name, 2);
    constexpr int cells = 60, parts = 20;  // of width 1, in each of which the density is summed
    const double step = 1.0 / parts, reach = cells / 2;
    std::vector<double> z, expected(cells * cells), seen(cells * cells);
    const auto cell = [&](double x, double y) {
      const int i = static_cast<int>(std::floor(x + reach)), j = int(std::floor(y + reach));
      return i < 0 || j < 0 || i >= cells || j >= cells ? -1 : i * cells + j;
    };
    for (int i = 0; i < cells * parts; ++i)
      for (int j = 0; j < cells * parts; ++j) {
        z.push_back(-reach + (i + 0.5) * step);
        z.push_back(-reach + (j + 0.5) * step);
      }
    const std::vector<double> log_p = learned.log_density(z);
    double total = 0;
    for (std::size_t k = 0; k < log_p.size(); ++k) {
      const double mass = std::exp(log_p[k]) * step * step;
      total += mass;
      expected[static_cast<std::size_t>(cell(z[2 * k], z[2 * k + 1]))] += mass;
    }
    CHECK(total == Approx(1).epsilon(1e-4));
    constexpr std::size_t draws = 40000;
    const std::vector<double> drawn = learned.draw(draws, 1);
    for (std::size_t k = 0; k < draws; ++k)
      if (const int at = cell(drawn[2 * k], drawn[2 * k + 1]); at >= 0)
        seen[static_cast<std::size_t>(at)] += 1;
    double chi_square = 0, degrees = 0;
    for (std::size_t k = 0; k < expected.size(); ++k) {
      const double mean = expected[k] * draws;
      if (mean < 10) continue;
      chi_square += (seen[k] - mean) * (seen[k] - mean) / mean;
      degrees += 1;
    }
    CHECK(degrees > 8);
    CHECK(chi_square < degrees + 5 * std::sqrt(2 * degrees));
  }
}

TEST_CASE("a Student base is the Student distribution", "[base]") {
  Learned learned("student", 1);
  for (const double nu : {1.5, 3.0, 8.0, 50.0, 1e4}) {
    learned.table.values[0] = nu > 30 ? nu - 1 : std::log(std::expm1(nu - 1));
    const double exact_ratio = std::lgamma((nu + 1) / 2) - std::lgamma(nu / 2);
    for (const double z : {0.0, 0.3, -2.0, 40.0}) {
      const double expected = exact_ratio - 0.5 * std::log(nu * 3.14159265358979323846) -
                              (nu + 1) / 2 * std::log1p(z * z / nu);
      CHECK(learned.log_density<double>({z})[0] == Approx(expected).epsilon(1e-10));
      CHECK(double(learned.log_density<float>({float(z)})[0]) == Approx(expected).epsilon(2e-5));
    }
  }
}

TEST_CASE("temperature scales the spread of base draws", "[base]") {
  for (const std::string& name : base_names()) {
    INFO(name);
    const Learned learned(name, name == "mixture" ? 1 : 3);  // a mixture's columns bend later ones
    const std::vector<double> one = learned.draw(50, 1), none = learned.draw(50, 0);
    const std::vector<double> half = learned.draw(50, 0.5);
    if (name == "rad") {  // the side is drawn given the folded row
      for (std::size_t i = 0; i < one.size(); ++i)
        CHECK(std::abs(half[i]) == Approx(0.5 * std::abs(one[i])));
      continue;
    }
    for (std::size_t i = 0; i < one.size(); ++i)
      CHECK(half[i] - none[i] == Approx(0.5 * (one[i] - none[i])).margin(1e-12));
  }
}

TEST_CASE("an untrained gate leaves a standard normal", "[base]") {
  Learned learned("rad", 2);
  for (std::size_t i = 0; i < learned.table.size(); ++i) learned.table.values[i] = 0;
  CHECK(learned.log_density<double>({0.7, -1.2})[0] ==
        Approx(-0.5 * (0.49 + 1.44) - 1.8378770664093453));
}
