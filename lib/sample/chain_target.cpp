#include "sample/chain_target.hpp"

#include "base/one_hot.hpp"

namespace pushforward {
namespace {

ScoreSource source_of(const NoisedFunction& log_density) {
  ScoreSource source;
  source.log_density = log_density;
  source.score = [log_density](Scope scope, Expr x, Expr sigma) {
    return gradient(log_density(scope, x, sigma), x);
  };
  return source;
}

// The label as the model takes it, [1, classes]; zeros for -1.
Expr context_of(const ScoreModel& model, Graph& graph, int label) {
  const int classes = model.description().classes;
  if (classes == 0) return Expr();
  return graph.constant(1, classes, one_hot<double>({label}, classes));
}

}  // namespace

ChainTarget density_target(const Density& density) {
  ChainTarget target;
  target.dimension = density.dimension();
  target.parameters = &density.parameters();
  target.lane_rows = [&density](std::size_t limit) { return density.lane_rows(limit); };
  target.source =
      source_of([&density](Scope scope, Expr x, Expr) { return density.log_density(scope, x); });
  return target;
}

ChainTarget noised_density_target(const Density& density) {
  ChainTarget target;
  target.dimension = density.dimension();
  target.parameters = &density.parameters();
  target.source = source_of([&density](Scope scope, Expr x, Expr sigma) {
    return density.noised_log_density(scope, x, scope.graph().constant(1), sigma);
  });
  return target;
}

ChainTarget score_target(const ScoreModel& model, int label, double guidance) {
  ChainTarget target =
      network_target(model.dimension(), model.parameters(), model.description().network());
  target.source.score = [&model, label, guidance](Scope scope, Expr x, Expr sigma) {
    const auto given = [&](int condition) {
      return model.score(scope, x, sigma, context_of(model, scope.graph(), condition));
    };
    if (guidance == 0) return given(label);
    return (1 + guidance) * given(label) - guidance * given(-1);
  };
  if (model.description().learned_variance)
    target.source.variance_share = [&model, label](Scope scope, Expr x, Expr sigma) {
      return model.variance_share(scope, x, sigma, context_of(model, scope.graph(), label));
    };
  return target;
}

ChainTarget network_target(int dimension, const ParameterTable& parameters,
                           const ConditionalShape& shape) {
  ChainTarget target;
  target.dimension = dimension;
  target.parameters = &parameters;
  target.lane_rows = [shape](std::size_t limit) { return network_lane_rows(shape, limit); };
  return target;
}

}  // namespace pushforward
