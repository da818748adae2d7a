// Networks from rows to rows that are conditioned on a noise level or time, and on a label.
#pragma once

#include <optional>
#include <vector>

#include "nn/parameters.hpp"

namespace pushforward {

// A network for rows that are images (nn/unet.hpp).
struct UnetShape {
  int height = 0, width = 0;
  int channels = 32;  // of the first level
  // Channels of each level, as multiples of `channels`. Each level halves the sides, rounded up.
  std::vector<int> multipliers = {1, 2, 2};
  int blocks = 2;                // residual blocks per level
  std::vector<int> attention{};  // levels whose larger side is listed have self-attention
  int heads = 1;                 // of the attention
  double dropout = 0;            // probability that a number of a block is set to 0 in training
};

struct ConditionalShape {
  int hidden = 128;                 // units per hidden layer
  int depth = 3;                    // hidden layers
  std::optional<UnetShape> unet{};  // instead of the dense network
};

// What the network is conditioned on; each expression may be invalid. If level and label are the
// same for all rows, as in sampling, they have one row.
struct Conditioning {
  Expr level;       // [n, F] or [1, F]: features of the level (level_features)
  Expr label;       // [n, classes] or [1, classes]: one-hot; zeros for an unknown label
  Expr uniforms{};  // [n, dropout_columns()]: uniform numbers; invalid: no dropout
};

// x [n, D] -> [n, outputs]; 0 at initialization. A dense network adds the conditioning to its first
// bias. A U-Net, whose x and outputs are images [C, height, width] with any C, scales and shifts
// every block by it.
[[nodiscard]] Expr conditional_network(Scope scope, Expr x, const Conditioning& conditioning,
                                       int outputs, const ConditionalShape& shape);

// The activations [n, columns] of its hidden layer `layer`, from 1 to hidden_layers(); in a U-Net,
// the means over the pixels of level `layer`.
[[nodiscard]] Expr conditional_hidden(Scope scope, Expr x, const Conditioning& conditioning,
                                      int layer, const ConditionalShape& shape);
[[nodiscard]] int hidden_layers(const ConditionalShape& shape);

// Uniform numbers per row that dropout takes; 0 without dropout.
[[nodiscard]] int dropout_columns(const ConditionalShape& shape);

// Rows per lane, in training and without gradients: at most `max_rows`, and few enough to keep the
// layers in a core's cache. A function of the shape alone.
[[nodiscard]] std::size_t network_lane_rows(const ConditionalShape& shape, std::size_t max_rows);

// x and its Fourier features, for x in about [-2, 2]: [n, 1] -> [n, 9].
[[nodiscard]] Expr level_features(Expr x);

}  // namespace pushforward
