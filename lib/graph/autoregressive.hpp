// Masked autoregressive networks run backwards at the cost of one pass.
//
// An autoregressive map z = f(x) has z_i depend on x_i and, through a masked network, on the inputs
// before it (Germain et al. 2015; Papamakarios et al. 2017). Its inverse finds x_1, x_2, ... in
// turn; done by whole passes of the network that is D passes, done unit by unit it is one.
#pragma once

#include <vector>

#include "graph/expr.hpp"

namespace pushforward {

// A masked network with its hidden units sorted by degree: a unit of degree d looks at the first d
// inputs, and at units of the layer before of degree <= d; the outputs of input i at hidden units
// of degree <= i. ReLU follows every hidden layer.
struct AutoregressiveNetwork {
  int inputs = 0;
  int groups = 1;           // numbers put out for every input, group-major: [n, groups x inputs]
  std::vector<int> degree;  // of the hidden units, rising; empty without hidden layers
  std::vector<bool> skip;   // per hidden layer: whether the sums of two layers before are added
  [[nodiscard]] int layers() const { return static_cast<int>(skip.size()); }
};

// The weights a network was run with. offset [n or 1, units] is what the first layer's sums start
// from (bias and context). weights[l] is [what a layer looks at, its units], biases[l] that of
// layer l + 1; the last of both are the outputs'. Without hidden layers the outputs are the first
// layer.
struct AutoregressiveWeights {
  Expr offset;
  std::vector<Expr> weights, biases;
};

// How an input comes of its noise and its outputs.
// With neither bins nor components: x = z exp(s) + m, with m the first group of outputs and
// s = bound tanh(second / bound).
// bins > 0: decoding by the spline that spline_encode (graph/spline.hpp) has with the outputs as
// parameters.
// components = C > 0: drawn from a mixture of normals, 3 C groups of outputs: logits, means, and
// raw log deviations s = bound tanh(raw / bound). z is then [normals | uniforms], [n, 2 D].
struct AutoregressiveTransform {
  int bins = 0;
  double bound = 0;
  int components = 0;
};

// Finds x [n, D] for z [n, D]; the log-determinant of dx/dz stands in column D of the result (0 for
// mixtures). It has no derivative of its own (std::logic_error): see implicit().
Expr autoregressive_solve(const AutoregressiveNetwork& network,
                          const AutoregressiveTransform& transform, Expr z,
                          const AutoregressiveWeights& weights);

// `solution`, a z with residual(z, ...) = 0 for a one-pass autoregressive residual, given the
// derivatives that follow from that (implicit function theorem). residual is an expression of the
// solution held constant; slope [n, D] its derivative by its own input, output_slopes [n, groups D]
// by the network's outputs; gates are the slopes of each hidden layer's activation.
Expr implicit(const AutoregressiveNetwork& network, Expr solution, Expr residual, Expr slope,
              Expr output_slopes, const std::vector<Expr>& gates, const std::vector<Expr>& weights);

}  // namespace pushforward
