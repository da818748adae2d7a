// Dense layers built from expressions.
#pragma once

#include "nn/parameters.hpp"

namespace pushforward {

enum class Activation { silu, tanh, relu, softplus };

// x weight + bias: x [n, a] -> [n, columns], weight [a, columns], bias [1, columns]. Both are
// initialized uniformly in +-1/sqrt(a), or to zeros with `zero`, so that a residual branch or a
// flow layer starts as the identity.
[[nodiscard]] Expr linear(Scope scope, Expr x, int columns, bool zero = false);

struct MlpShape {
  int hidden = 64;  // units per hidden layer
  int depth = 2;    // hidden layers
  Activation activation = Activation::silu;
  bool zero_output = false;
};

// `depth` hidden layers ("hidden_0", ...) and a linear one ("output"): x [n, a] -> [n, columns].
[[nodiscard]] Expr mlp(Scope scope, Expr x, int columns, const MlpShape& shape);

// A linear layer, `depth` residual blocks h + linear(relu(linear(relu(h)))) (He et al. 2016), and a
// linear layer of relu(h); x [n, a] -> [n, columns]. The activation of the shape is ignored.
[[nodiscard]] Expr residual_network(Scope scope, Expr x, int columns, const MlpShape& shape);

// Fixed Fourier features of a level or time, [n, 1] -> [n, 2 frequencies]: sines, then cosines, of
// 2 pi lowest 2^k level for k = 0 ... frequencies - 1.
[[nodiscard]] Expr fourier_features(Expr level, int frequencies, double lowest);

}  // namespace pushforward
