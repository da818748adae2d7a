// Autoregressive networks (MADE, Germain et al. 2015): the outputs for an input depend only on the
// inputs before it.
#pragma once

#include "graph/autoregressive.hpp"
#include "nn/parameters.hpp"

namespace pushforward {

// A log scale made by a network, bounded so that outlying rows stay finite:
// max_log_scale tanh(raw / max_log_scale), which is close to raw where that is small.
constexpr double max_log_scale = 5;
[[nodiscard]] Expr bounded_log_scale(Expr raw);

struct MaskedShape {
  int hidden = 64;        // units per hidden layer
  int depth = 2;          // hidden layers, or residual blocks of two layers; 0: linear
  bool residual = false;  // blocks h + linear(relu(linear(relu(h)))), He et al. 2016
};

// Outputs `groups` numbers for each of `inputs` inputs: group g of input i in column
// g * inputs + i. The autoregressive order is that of the columns. Hidden units are sorted by
// degree, so that masks are staircases and masked weights are not multiplied at all.
class MaskedNetwork {
 public:
  // With context_columns > 0, a linear map of the context is added to the first layer. Hidden units
  // of degree 0 then make the outputs for the first input depend on it as well.
  MaskedNetwork(int inputs, int groups, const MaskedShape& shape, int context_columns);

  struct Pass {
    Expr outputs;            // [n, groups * inputs]; 0 at initialization
    std::vector<Expr> sums;  // of the hidden layers, before ReLU
  };
  // x [n, inputs]; context [n, context_columns], ignored if that is 0.
  [[nodiscard]] Pass run(Scope scope, Expr x, Expr context) const;
  // The parameters of run() in the form of graph/autoregressive.hpp.
  [[nodiscard]] AutoregressiveWeights weights(Scope scope, int rows, Expr context) const;
  [[nodiscard]] const AutoregressiveNetwork& network() const { return network_; }

 private:
  struct Layer {
    std::string name;
    int from, to;     // columns
    Staircase limit;  // the mask of its weight
    bool zero;        // initialized to zeros
  };
  [[nodiscard]] Expr weight(Scope scope, const Layer& layer) const;
  [[nodiscard]] Expr bias(Scope scope, const Layer& layer) const;
  [[nodiscard]] Expr offset(Scope scope, Expr context) const;

  AutoregressiveNetwork network_;
  std::vector<Layer> layers_;  // the output layer last
  int context_columns_;
};

}  // namespace pushforward
