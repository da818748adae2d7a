#include "score/score_model.hpp"

#include <cmath>

#include "base/error.hpp"
#include "nn/layers.hpp"

namespace pushforward {
namespace {

// ln(sigma) / 4 spans about [-1.6, 1.1] over the levels in use; the slowest feature has period 4.
constexpr int level_frequencies = 4;
constexpr double lowest_frequency = 0.25;

}  // namespace

const char* parametrization_name(Parametrization parametrization) {
  switch (parametrization) {
    case Parametrization::score:
      return "score";
    case Parametrization::noise:
      return "noise";
    case Parametrization::data:
      return "data";
    case Parametrization::edm:
      break;
  }
  return "edm";
}

Parametrization parametrization_named(const std::string& name, const std::string& where) {
  for (const Parametrization p : {Parametrization::score, Parametrization::noise,
                                  Parametrization::data, Parametrization::edm})
    if (name == parametrization_name(p)) return p;
  fail_invalid(where + ": unknown parametrization '" + name +
               "'; this version knows score, noise, data, edm");
}

ScoreModel::ScoreModel(ScoreDescription description, std::uint64_t seed)
    : description_(std::move(description)) {
  Graph graph;
  Binding binding(&graph, &table_, seed);
  static_cast<void>(
      scaled_score(Scope(&binding), graph.input("x", 1, dimension()), graph.input("sigma", 1, 1)));
}

Expr ScoreModel::sigma_data(Graph& graph) const {
  return graph.constant(1, dimension(), description_.sigma_data);
}

Expr ScoreModel::network(Scope scope, Expr y, Expr sigma, Expr variance) const {
  const double start = 1 / std::sqrt(double(dimension()));
  const int hidden = description_.hidden;
  Expr offset = (scope / "hidden_0").parameter("bias", 1, hidden, Initializer::uniform(start));
  if (description_.process.kind != ProcessKind::none) {
    const Expr level = 0.25 * log(sigma);
    const Expr features =
        concatenate_columns({level, fourier_features(level, level_frequencies, lowest_frequency)});
    const double level_start = 1 / std::sqrt(double(features.columns()));
    const Expr weight =
        (scope / "level")
            .parameter("weight", features.columns(), hidden, Initializer::uniform(level_start));
    // Added to the bias first: with one level for all rows, as in sampling, it costs one row.
    offset = offset + matmul(features, weight);
  }
  const Expr weight =
      (scope / "hidden_0").parameter("weight", dimension(), hidden, Initializer::uniform(start));
  Expr h = silu(matmul(y / sqrt(variance), weight) + offset);
  for (int i = 1; i < description_.depth; ++i)
    h = silu(linear(scope / ("hidden_" + std::to_string(i)), h, hidden));
  return linear(scope / "output", h, dimension(), true);
}

Expr ScoreModel::scaled_score(Scope scope, Expr x, Expr sigma) const {
  Graph& graph = scope.graph();
  const Expr y = x - graph.constant(1, dimension(), description_.mean);
  const Expr data = sigma_data(graph);
  const Expr variance = square(sigma) + square(data);
  const Expr f = network(scope, y, sigma, variance);
  switch (description_.parametrization) {
    case Parametrization::score:
      return sigma * f;
    case Parametrization::noise:
      return -f;
    case Parametrization::data:
      return (data * f - y) / sigma;
    case Parametrization::edm:
      break;
  }
  // (D - x) / sigma with c_skip - 1 = -sigma^2 / (sigma^2 + sigma_data^2) worked out.
  return (data / sqrt(variance)) * f - (sigma / variance) * y;
}

Expr ScoreModel::score(Scope scope, Expr x, Expr sigma) const {
  return scaled_score(scope, x, sigma) / sigma;
}

Expr ScoreModel::denoise(Scope scope, Expr x, Expr sigma) const {
  return x + sigma * scaled_score(scope, x, sigma);
}

}  // namespace pushforward
