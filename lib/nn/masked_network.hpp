// Autoregressive networks (MADE, Germain et al. 2015): what they put out for an input depends on
// the inputs before it alone.
#pragma once

#include "graph/autoregressive.hpp"
#include "nn/parameters.hpp"

namespace pushforward {

// The log of a scale that a network puts out, bounded so that rows far out stay finite:
// most_log_scale tanh(raw / most_log_scale), nearly raw itself where that is small.
constexpr double most_log_scale = 5;
[[nodiscard]] Expr bounded_log_scale(Expr raw);

struct MaskedShape {
  int hidden = 64;        // units of a hidden layer
  int depth = 2;          // hidden layers; of a residual network, blocks of two. 0: linear
  bool residual = false;  // blocks h + linear(relu(linear(relu(h)))), He et al. 2016
};

// Gives `groups` numbers for every one of `inputs` inputs: group g of input i in column
// g inputs + i. The input's order is that of the columns. Hidden units are sorted by degree once,
// here, so that a mask is a staircase and only what it leaves is multiplied.
class MaskedNetwork {
 public:
  // With context_columns > 0, a linear map of the context is added to the first layer; hidden units
  // of degree 0 then carry it to the first input, too.
  MaskedNetwork(int inputs, int groups, const MaskedShape& shape, int context_columns);

  struct Pass {
    Expr outputs;            // [n, groups x inputs]; 0 at the start
    std::vector<Expr> sums;  // of the hidden layers, before ReLU
  };
  // x [n, inputs]; context [n, context_columns], ignored where that is 0.
  [[nodiscard]] Pass run(Scope scope, Expr x, Expr context) const;
  // The parameters of run() as graph/autoregressive.hpp wants them.
  [[nodiscard]] AutoregressiveWeights weights(Scope scope, int rows, Expr context) const;
  [[nodiscard]] const AutoregressiveNetwork& network() const { return network_; }

 private:
  struct Layer {
    std::string name;
    int from, to;     // columns
    Staircase limit;  // of its weight
    bool zero;        // starts from zeros
  };
  [[nodiscard]] Expr weight(Scope scope, const Layer& layer) const;
  [[nodiscard]] Expr bias(Scope scope, const Layer& layer) const;
  [[nodiscard]] Expr offset(Scope scope, Expr context) const;

  AutoregressiveNetwork network_;
  std::vector<Layer> layers_;  // the outputs' last
  int context_columns_;
};

}  // namespace pushforward
