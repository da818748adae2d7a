// Dense layers built from expressions.
#pragma once

#include "nn/parameters.hpp"

namespace pushforward {

enum class Activation { silu, tanh, relu, softplus };

// x weight + bias: x [n, a] -> [n, columns], weight [a, columns], bias [1, columns]. Starts uniform
// in +-1/sqrt(a), both; from zeros where `zero` is set, so that what follows starts as the
// identity.
[[nodiscard]] Expr linear(Scope scope, Expr x, int columns, bool zero = false);

struct MlpShape {
  int hidden = 64;  // units of a hidden layer
  int depth = 2;    // hidden layers
  Activation activation = Activation::silu;
  bool zero_output = false;
};

// `depth` hidden layers ("hidden_0", ...) and a linear one ("output"): x [n, a] -> [n, columns].
[[nodiscard]] Expr mlp(Scope scope, Expr x, int columns, const MlpShape& shape);

// A linear layer, `depth` residual blocks h + linear(relu(linear(relu(h)))) (He et al. 2016), and a
// linear layer of relu(h); x [n, a] -> [n, columns]. The activation of the shape is not looked at.
[[nodiscard]] Expr residual_network(Scope scope, Expr x, int columns, const MlpShape& shape);

// Features of log(sigma) or time for conditioning: [n, 1] -> [n, 2 frequencies], sine and cosine of
// 2 pi 2^k-spaced frequencies from `lowest` on: the fixed form of Fourier features.
[[nodiscard]] Expr fourier_features(Expr level, int frequencies, double lowest);

}  // namespace pushforward
