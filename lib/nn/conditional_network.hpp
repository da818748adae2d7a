// Networks from rows to rows that are told something beside the row: a noise level, a time, a
// label.
#pragma once

#include "nn/parameters.hpp"

namespace pushforward {

struct ConditionalShape {
  int hidden = 128;  // units of a hidden layer
  int depth = 3;     // hidden layers
};

// What the network is told; both may be invalid. Where it is the same for all rows, as in sampling,
// it costs one row.
struct Told {
  Expr level;  // [n, F] or [1, F]: features of the level (level_features)
  Expr
      label;  // [n, classes] or [1, classes]: a one in the label's column, zeros for an unknown one
};

// x [n, D] -> [n, outputs]; starts as 0. A dense network: what is told is added to the first bias.
[[nodiscard]] Expr conditional_network(Scope scope, Expr x, const Told& told, int outputs,
                                       const ConditionalShape& shape);

// The units of its hidden layer `layer`, from 1 to depth, after their activation: [n, hidden].
[[nodiscard]] Expr conditional_hidden(Scope scope, Expr x, const Told& told, int layer,
                                      const ConditionalShape& shape);

// x itself and sines and cosines of it, for x of about [-2, 2]: [n, 1] -> [n, 9].
[[nodiscard]] Expr level_features(Expr x);

}  // namespace pushforward
