// The nodes behind expressions; for lib/graph alone.
#pragma once

#include <deque>
#include <string>
#include <unordered_map>
#include <vector>

#include "graph/expr.hpp"
#include "graph/kernels/kernels.hpp"

namespace pushforward {

enum class Op {
  input,
  parameter,
  constant,  // leaves
  unary,     // unary_op of input 0
  affine,    // scale input 0 + shift
  binary,    // binary_op, operands broadcast
  select,    // condition, yes, no; operands broadcast
  stop_gradient,
  matmul,
  matmul_transposed,
  masked_matmul,  // `index` is the staircase, for all three
  masked_matmul_back,
  masked_outer,
  inverse_lower,
  transpose,
  sum_columns,
  sum_rows,
  sum,
  max_columns,
  broadcast,
  gather,
  scatter,         // columns by `index`
  reshape,         // the operand's numbers, in other rows and columns
  sum_row_blocks,  // index {block}
  repeat_rows,     // index {block}
  batched_matmul,  // index {batches, Turned}
  convolution,     // `index` is laid out as ConvolutionShape, for all three
  convolution_back,
  convolution_weights,
  // graph/autoregressive.hpp
  autoregressive_solve,
  autoregressive_adjoint,
  attach,
  silu_backward,   // made by Plan: operand 0 times silu_slope(1, 2)
  spline,          // of x, parameters: [value | log slope]; index {bins}, scale = bound
  spline_inverse,  // likewise, the inverse
  spline_backward  // of x, parameters, adjoint of spline: [adjoint of x | of parameters]
};

struct Node {
  Op op;
  int rows, columns;
  std::vector<const Node*> inputs{};
  Unary unary_op{};
  Binary binary_op{};
  double scale = 0, shift = 0;
  std::vector<int> index{};
  std::vector<double> values{};  // of a constant: one, or rows * columns
  std::string name{};            // of a leaf
  std::size_t id = 0;            // inputs have smaller ids: ids are a topological order
  bool varying = false;          // depends on an input, so is computed at every run
  Graph* graph = nullptr;
};

struct Graph::Store {
  std::deque<Node> nodes;
  std::unordered_multimap<std::size_t, const Node*> by_hash;

  // The node equal to `node`, made if there is none. Leaves other than constants are never shared.
  const Node* intern(Node node);
};

// Builds a node in the graph of its first input.
Expr make_node(Node node);
Expr make_unary(Unary op, Expr x);
Expr make_binary(Binary op, Expr a, Expr b);
Expr make_affine(Expr x, double scale, double shift);

// The operand of a batched product that is transposed.
enum class Turned { neither, left, right };
Expr make_batched_matmul(Expr a, Expr b, int batches, Turned turned);
// One of the convolution family, from the `index` of another.
Expr make_convolution(Op op, const std::vector<int>& index, Expr a, Expr b);

// Constants, also as broadcasts of a 1 x 1 constant.
[[nodiscard]] bool is_constant(const Node* node, double value);
[[nodiscard]] Expr filled(Graph& graph, int rows, int columns, double value);

// The sum of x down to rows x columns, extents that are 1 there being summed.
[[nodiscard]] Expr reduce_to(Expr x, int rows, int columns);

}  // namespace pushforward
