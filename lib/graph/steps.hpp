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
  std::size_t rows = 0, columns = 0;  // of the result
  std::size_t inner_rows = 0, inner_columns = 0;  // of the first operand
  Operand spread[3] = {};
  Place in[3], out;
  T scale = 0, shift = 0;
  bool has_bias = false;  // of a matrix product: operand 2
  std::vector<int> index;
};

// Makes the step of a node; operands and result are placed by the caller. `bias` is the second
// operand of an addition folded into the matrix product `node`.
template <class T>
[[nodiscard]] Step<T> make_step(const Node& node, const Node* bias);

template <class T>
void run_step(const Step<T>& step, const Kernels<T>& kernel, T* const* bases);

template <class T>
[[nodiscard]] std::string step_name(const Step<T>& step);  // "matmul 64x128x64"

}  // namespace pushforward
