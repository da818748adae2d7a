#include "nn/layers.hpp"

#include <cmath>

#include "base/constants.hpp"

namespace pushforward {
namespace {

Expr activate(Activation activation, Expr x) {
  switch (activation) {
    case Activation::tanh:
      return tanh(x);
    case Activation::relu:
      return relu(x);
    case Activation::softplus:
      return softplus(x);
    case Activation::silu:
      break;
  }
  return silu(x);
}

}  // namespace

Expr linear(Scope scope, Expr x, int columns, bool zero) {
  const Initializer start =
      zero ? Initializer::zeros() : Initializer::uniform(1 / std::sqrt(double(x.columns())));
  const Expr weight = scope.parameter("weight", x.columns(), columns, start);
  const Expr bias = scope.parameter("bias", 1, columns, start);
  return matmul(x, weight) + bias;
}

Expr mlp(Scope scope, Expr x, int columns, const MlpShape& shape) {
  for (int i = 0; i < shape.depth; ++i)
    x = activate(shape.activation,
                 linear(scope / ("hidden_" + std::to_string(i)), x, shape.hidden));
  return linear(scope / "output", x, columns, shape.zero_output);
}

Expr residual_network(Scope scope, Expr x, int columns, const MlpShape& shape) {
  const auto hidden = [&](int i, Expr from) {
    return linear(scope / ("hidden_" + std::to_string(i)), from, shape.hidden);
  };
  Expr h = hidden(0, x);
  for (int i = 0; i < shape.depth; ++i) h = h + hidden(2 * i + 2, relu(hidden(2 * i + 1, relu(h))));
  return linear(scope / "output", relu(h), columns, shape.zero_output);
}

Expr fourier_features(Expr level, int frequencies, double lowest) {
  std::vector<double> frequency;
  for (int k = 0; k < frequencies; ++k) frequency.push_back(two_pi * lowest * std::pow(2.0, k));
  const Expr angle = level * level.graph().constant(1, frequencies, frequency);
  return hstack({sin(angle), cos(angle)});
}

}  // namespace pushforward
