// Networks from rows to rows that are told something beside the row: a noise level, a time, a
// label.
#pragma once

#include <optional>
#include <vector>

#include "nn/parameters.hpp"

namespace pushforward {

// A network for rows that are images (nn/unet.hpp).
struct UnetShape {
  int height = 0, width = 0;
  int channels = 32;  // of the first level
  // Channels of each level over those of the first. Its sides are half those of the one before,
  // rounded up.
  std::vector<int> multipliers = {1, 2, 2};
  int blocks = 2;                // residual blocks of a level
  std::vector<int> attention{};  // larger sides of the levels whose blocks end in self-attention
  int heads = 1;                 // of the attention
  double dropout = 0;            // share of a block's numbers set to 0 in training
};

struct ConditionalShape {
  int hidden = 128;                 // units of a hidden layer
  int depth = 3;                    // hidden layers
  std::optional<UnetShape> unet{};  // in place of the dense network
};

// What the network is told; each may be invalid. Where level and label are the same for all rows,
// as in sampling, they cost one row.
struct Told {
  Expr level;  // [n, F] or [1, F]: features of the level (level_features)
  Expr
      label;  // [n, classes] or [1, classes]: a one in the label's column, zeros for an unknown one
  Expr uniforms{};  // [n, dropout_columns()]: uniform numbers; invalid: no dropout
};

// x [n, D] -> [n, outputs]; starts as 0. In a dense network what is told is added to the first
// bias; in a U-Net, whose x and outputs are images [C, height, width] with any C, every block is
// scaled and shifted by it.
[[nodiscard]] Expr conditional_network(Scope scope, Expr x, const Told& told, int outputs,
                                       const ConditionalShape& shape);

// The units of its hidden layer `layer`, from 1 to hidden_layers(), after their activation,
// [n, columns]; of a U-Net the means over the pixels of level `layer`.
[[nodiscard]] Expr conditional_hidden(Scope scope, Expr x, const Told& told, int layer,
                                      const ConditionalShape& shape);
[[nodiscard]] int hidden_layers(const ConditionalShape& shape);

// How many uniform numbers a row its dropout takes; 0 without dropout.
[[nodiscard]] int dropout_columns(const ConditionalShape& shape);

// Rows of a lane through the network in training, and without gradients: as many as keep its layers
// in a core's cache, but at most `most`. A function of the shape alone.
[[nodiscard]] std::size_t network_lane_rows(const ConditionalShape& shape, std::size_t most);

// x itself and sines and cosines of it, for x of about [-2, 2]: [n, 1] -> [n, 9].
[[nodiscard]] Expr level_features(Expr x);

}  // namespace pushforward
