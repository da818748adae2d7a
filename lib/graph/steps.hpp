// One kernel call of a Plan, with everything about it decided; for lib/graph alone.
#pragma once

#include <string>
#include <vector>

#include "graph/node.hpp"

namespace pushforward {

// A place known when a plan is compiled: which of the run's buffers, and where in it.
struct Place {
  int base = -1;
  std::size_t offset = 0;
};

template <class T>
struct Step {
  Op op{};
  Unary unary_op{};
  Binary binary_op{};
  std::size_t rows = 0, columns = 0;              // of the result
  std::size_t inner_rows = 0, inner_columns = 0;  // of the first operand
  Operand spread[3] = {};
  std::size_t block = 0;     // rows over which an operand of a binary step is repeated, or 0
  std::size_t repeated = 0;  // which operand that is
  Place in[3], out;
  std::vector<Place> more_in;  // operands after the third
  Place scratch;               // of scratch_size numbers
  std::size_t scratch_size = 0;
  T scale = 0, shift = 0;
  bool has_bias = false;   // of a matrix product: operand 2
  std::vector<int> index;  // of a masked product: begin and end of every column
  std::vector<int> runs;   // of gather and scatter, where they move runs: from, to, length of each
  ConvolutionShape convolution{};
  std::size_t images = 0;  // of a convolution
  std::size_t groups = 1;  // of a masked product
};

// What a step computes beside its node.
enum class Fold {
  none,
  bias,  // the node is a matrix product; a row, operand 2, is added
  slope  // the node is a product with a silu_slope: both in one pass, as Op::silu_backward
};

// The repeat_rows node that operand i of a node is, where the step of the node reads that one's
// operand instead; else null. A binary node does so, for one of its operands.
[[nodiscard]] const Node* repeated_operand(const Node& node, std::size_t i);

// Makes the step of a node; operands and result are placed by the caller.
template <class T>
[[nodiscard]] Step<T> make_step(const Node& node, Fold fold);

template <class T>
void run_step(const Step<T>& step, const Kernels<T>& kernel, T* const* bases);

template <class T>
[[nodiscard]] std::string step_name(const Step<T>& step);  // "matmul 64x128x64"

}  // namespace pushforward
