#include "nn/masked_network.hpp"

#include <algorithm>
#include <cmath>

namespace pushforward {
namespace {

// Degrees of hidden units, evenly spaced over [low, high], sorted.
std::vector<int> evenly_spaced_degrees(int units, int low, int high) {
  std::vector<int> degree;
  for (int u = 0; u < units; ++u)
    degree.push_back(low + static_cast<int>(std::int64_t{u} * (high - low + 1) / units));
  return degree;
}

// For each asked degree, the number of (sorted) units whose degree is at most that.
Staircase units_up_to(const std::vector<int>& degree, const std::vector<int>& asked) {
  Staircase limit;
  for (const int d : asked)
    limit.push_back(
        static_cast<int>(std::upper_bound(degree.begin(), degree.end(), d) - degree.begin()));
  return limit;
}

}  // namespace

Expr bounded_log_scale(Expr raw) { return max_log_scale * tanh(raw * (1 / max_log_scale)); }

MaskedNetwork::MaskedNetwork(int inputs, int groups, const MaskedShape& shape, int context_columns)
    : context_columns_(context_columns) {
  network_.inputs = inputs;
  network_.groups = groups;
  std::vector<int> targets;
  for (int i = 0; i < inputs; ++i) targets.push_back(i);
  if (shape.depth == 0) {
    layers_.push_back({"output", inputs, groups * inputs, targets, true});
    return;
  }
  // Without a context a unit of degree 0 would be a constant; with one input all degrees are 0.
  const int min_degree = context_columns > 0 || inputs == 1 ? 0 : 1;
  network_.degree = evenly_spaced_degrees(shape.hidden, min_degree, inputs - 1);
  layers_.push_back({"hidden_0", inputs, shape.hidden, network_.degree, false});
  network_.skip.push_back(false);
  const int more = shape.residual ? 2 * shape.depth : shape.depth - 1;
  const Staircase between = units_up_to(network_.degree, network_.degree);
  for (int l = 1; l <= more; ++l) {
    layers_.push_back({"hidden_" + std::to_string(l), shape.hidden, shape.hidden, between, false});
    network_.skip.push_back(shape.residual && l % 2 == 0);
  }
  layers_.push_back(
      {"output", shape.hidden, groups * inputs, units_up_to(network_.degree, targets), true});
}

Expr MaskedNetwork::weight(Scope scope, const Layer& layer) const {
  Initializer start =
      layer.zero ? Initializer::zeros() : Initializer::uniform(1 / std::sqrt(double(layer.from)));
  start.limit = layer.limit;
  return (scope / layer.name).parameter("weight", layer.from, layer.to, start);
}

Expr MaskedNetwork::bias(Scope scope, const Layer& layer) const {
  const Initializer start =
      layer.zero ? Initializer::zeros() : Initializer::uniform(1 / std::sqrt(double(layer.from)));
  return (scope / layer.name).parameter("bias", 1, layer.to, start);
}

Expr MaskedNetwork::offset(Scope scope, Expr context) const {
  const Layer& first = layers_.front();
  const Expr b = bias(scope, first);
  if (context_columns_ == 0) return b;
  const Initializer start = first.zero
                                ? Initializer::zeros()
                                : Initializer::uniform(1 / std::sqrt(double(context_columns_)));
  return matmul(context,
                (scope / "context").parameter("weight", context_columns_, first.to, start)) +
         b;
}

MaskedNetwork::Pass MaskedNetwork::run(Scope scope, Expr x, Expr context) const {
  Pass pass;
  Expr next = x;
  for (std::size_t l = 0; l < layers_.size(); ++l) {
    const Layer& layer = layers_[l];
    Expr sums = masked_matmul(next, weight(scope, layer), layer.limit) +
                (l == 0 ? offset(scope, context) : bias(scope, layer));
    if (l + 1 == layers_.size()) {
      pass.outputs = sums;
      break;
    }
    if (network_.skip[l]) sums = sums + pass.sums[l - 2];
    pass.sums.push_back(sums);
    next = relu(sums);
  }
  return pass;
}

AutoregressiveWeights MaskedNetwork::weights(Scope scope, int rows, Expr context) const {
  AutoregressiveWeights w;
  w.offset = offset(scope, context);
  if (w.offset.rows() > 1) w.offset = broadcast(w.offset, rows, w.offset.columns());
  for (std::size_t l = 0; l < layers_.size(); ++l) {
    w.weights.push_back(weight(scope, layers_[l]));
    if (l > 0) w.biases.push_back(bias(scope, layers_[l]));
  }
  return w;
}

}  // namespace pushforward
