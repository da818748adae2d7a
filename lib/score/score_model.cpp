#include "score/score_model.hpp"

#include <cmath>

#include "base/named.hpp"
#include "base/precision.hpp"

namespace pushforward {
namespace {

const std::vector<Named<Parametrization>>& parametrizations() {
  static const std::vector<Named<Parametrization>> all = {{Parametrization::score, "score"},
                                                          {Parametrization::noise, "noise"},
                                                          {Parametrization::data, "data"},
                                                          {Parametrization::velocity, "velocity"},
                                                          {Parametrization::edm, "edm"}};
  return all;
}

const std::vector<Named<Embedding>>& embeddings() {
  static const std::vector<Named<Embedding>> all = {{Embedding::fourier, "fourier"},
                                                    {Embedding::log_sigma, "log-sigma"},
                                                    {Embedding::none, "none"}};
  return all;
}

}  // namespace

const char* parametrization_name(Parametrization parametrization) {
  return name_of(parametrizations(), parametrization);
}

std::vector<std::string> parametrization_names() { return names_of(parametrizations()); }

Parametrization parametrization_named(const std::string& name, const std::string& where) {
  return value_named(parametrizations(), name, "parametrization", where);
}

const char* embedding_name(Embedding embedding) { return name_of(embeddings(), embedding); }

std::vector<std::string> embedding_names() { return names_of(embeddings()); }

Embedding embedding_named(const std::string& name, const std::string& where) {
  return value_named(embeddings(), name, "embedding", where);
}

ScoreModel::ScoreModel(ScoreDescription description, std::uint64_t seed, std::size_t max_parameters)
    : description_(std::move(description)) {
  table_.most = max_parameters;
  Graph graph;
  Binding binding(&graph, &table_, seed);
  const int classes = description_.classes;
  static_cast<void>(scaled_score(Scope(&binding), graph.input("x", 1, dimension()),
                                 graph.input("sigma", 1, 1),
                                 classes > 0 ? graph.input("context", 1, classes) : Expr()));
}

std::vector<double> ScoreModel::offset() const {
  if (description_.standardizes()) return description_.mean;
  return description_.origin.empty() ? std::vector<double>(description_.mean.size())
                                     : description_.origin;
}

std::vector<double> ScoreModel::unit() const {
  return description_.standardizes() ? description_.sigma_data
                                     : std::vector<double>(description_.mean.size(), 1.0);
}

std::vector<double> ScoreModel::centre() const {
  if (description_.standardizes()) return std::vector<double>(description_.mean.size());
  return less(description_.mean, description_.origin);
}

Expr ScoreModel::deviation(Graph& graph) const {
  return description_.standardizes() ? graph.constant(1)
                                     : graph.constant(1, dimension(), description_.sigma_data);
}

Expr ScoreModel::network_input(Scope scope, Expr y, Expr variance) const {
  return y / (description_.embedding == Embedding::none && process().has_levels()
                  ? deviation(scope.graph())
                  : sqrt(variance));
}

Conditioning ScoreModel::conditioning(Expr sigma, Expr context, Expr uniforms) const {
  Conditioning result;
  if (process().has_levels() && description_.embedding != Embedding::none) {
    const Expr level = 0.25 * log(sigma);
    result.level = description_.embedding == Embedding::fourier ? level_features(level) : level;
  }
  if (description_.classes > 0) result.label = context;
  result.uniforms = uniforms;
  return result;
}

Expr ScoreModel::outputs(Scope scope, Expr y, Expr variance, const Conditioning& given) const {
  return conditional_network(scope, network_input(scope, y, variance), given,
                             (description_.learned_variance ? 2 : 1) * dimension(),
                             description_.network());
}

Expr ScoreModel::hidden_features(Scope scope, Expr x, Expr sigma, int layer, Expr context) const {
  const Expr y = x - scope.graph().constant(1, dimension(), centre());
  const Expr variance = square(sigma) + square(deviation(scope.graph()));
  return conditional_hidden(scope, network_input(scope, y, variance), conditioning(sigma, context),
                            layer, description_.network());
}

Expr ScoreModel::network(Scope scope, Expr y, Expr variance, const Conditioning& given) const {
  return slice_columns(outputs(scope, y, variance, given), 0, dimension());
}

Expr ScoreModel::variance_share(Scope scope, Expr x, Expr sigma, Expr context,
                                Expr uniforms) const {
  const Expr y = x - scope.graph().constant(1, dimension(), centre());
  const Expr variance = square(sigma) + square(deviation(scope.graph()));
  const Expr out = outputs(scope, y, variance, conditioning(sigma, context, uniforms));
  return 0.5 + 0.5 * slice_columns(out, dimension(), dimension());
}

Expr ScoreModel::scaled_score(Scope scope, Expr x, Expr sigma, Expr context, Expr uniforms) const {
  Graph& graph = scope.graph();
  const Expr y = x - graph.constant(1, dimension(), centre());
  const Expr data = deviation(graph);
  const Expr variance = square(sigma) + square(data);
  const Expr f = network(scope, y, variance, conditioning(sigma, context, uniforms));
  switch (description_.parametrization) {
    case Parametrization::score:
      return sigma * f;
    case Parametrization::noise:
      return -f;
    case Parametrization::data:
      return (data * f - y) / sigma;
    case Parametrization::velocity: {
      // (D - x) / sigma, simplified.
      const Expr sum = 1 + square(sigma);
      return -(f / sqrt(sum)) - (sigma / sum) * y;
    }
    case Parametrization::edm:
      break;
  }
  // (D - x) / sigma with c_skip - 1 simplified to -sigma^2 / (sigma^2 + d^2).
  return (data / sqrt(variance)) * f - (sigma / variance) * y;
}

Expr ScoreModel::score(Scope scope, Expr x, Expr sigma, Expr context) const {
  if (description_.parametrization == Parametrization::score) {
    // The only parametrization that allows a level of 0.
    const Expr y = x - scope.graph().constant(1, dimension(), centre());
    return network(scope, y, square(sigma) + square(deviation(scope.graph())),
                   conditioning(sigma, context));
  }
  return scaled_score(scope, x, sigma, context) / sigma;
}

Expr ScoreModel::denoise(Scope scope, Expr x, Expr sigma, Expr context) const {
  return x + sigma * scaled_score(scope, x, sigma, context);
}

}  // namespace pushforward
