// Matrix products and the transpose.
#include <stdexcept>

#include "graph/operator.hpp"

namespace pushforward {
namespace {

const Operator matmul_operator = {
    "matmul",
    [](const Node* node, Expr g, const Send& send) {
      send_both(send, {matmul(g, transpose(node->in(1))), matmul_transposed(node->in(0), g)});
    },
    [](const Node* node, const Tangents& t) { return bilinear_tangent(node, t, matmul); },
    [](const Node& node, auto* step) {
      const std::size_t inner = extent(node.inputs[0]->columns);
      step->shape += "x" + std::to_string(inner);
      step->run = [m = extent(node.rows), n = extent(node.columns), inner](const auto& kernel,
                                                                           const auto& at) {
        kernel.matmul(m, n, inner, at.in(0), inner, 1, at.in(1), at.bias(), at.out());
      };
    },
    Operator::takes_bias};

const Operator matmul_transposed_operator = {
    "matmul_transposed",
    [](const Node* node, Expr g, const Send& send) {
      send_both(send, {matmul(node->in(1), transpose(g)), matmul(node->in(0), g)});
    },
    [](const Node* node, const Tangents& t) {
      return bilinear_tangent(node, t, matmul_transposed);
    },
    [](const Node& node, auto* step) {
      const std::size_t inner = extent(node.inputs[0]->rows);
      step->shape += "x" + std::to_string(inner);
      step->run = [m = extent(node.rows), n = extent(node.columns), inner](const auto& kernel,
                                                                           const auto& at) {
        kernel.matmul(m, n, inner, at.in(0), 1, m, at.in(1), at.bias(), at.out());
      };
    },
    Operator::takes_bias};

}  // namespace

const Operator transpose_operator = {
    "transpose", [](const Node*, Expr g, const Send& send) { send(0, transpose(g)); },
    [](const Node*, const Tangents& t) { return transpose(t[0]); },
    [](const Node& node, auto* step) {
      step->run = [m = extent(node.columns), n = extent(node.rows)](const auto& kernel,
                                                                    const auto& at) {
        kernel.transpose(m, n, at.in(0), at.out());
      };
    }};

Expr matmul(Expr a, Expr b) {
  if (a.columns() != b.rows()) throw std::invalid_argument("matmul: inner extents differ");
  if (is_constant(a.node(), 0) || is_constant(b.node(), 0))
    return filled(a.graph(), a.rows(), b.columns(), 0);
  if (a.node()->op == &transpose_operator) return matmul_transposed(a.node()->in(0), b);
  return make_node({&matmul_operator, a.rows(), b.columns(), {a.node(), b.node()}});
}

Expr matmul_transposed(Expr a, Expr b) {
  if (a.rows() != b.rows()) throw std::invalid_argument("matmul_transposed: inner extents differ");
  if (is_constant(a.node(), 0) || is_constant(b.node(), 0))
    return filled(a.graph(), a.columns(), b.columns(), 0);
  return make_node({&matmul_transposed_operator, a.columns(), b.columns(), {a.node(), b.node()}});
}

Expr transpose(Expr a) {
  if (a.node()->op == &transpose_operator) return a.node()->in(0);
  if (a.node()->op == &broadcast_operator)
    return broadcast(transpose(a.node()->in(0)), a.columns(), a.rows());
  if (a.rows() == 1 && a.columns() == 1) return a;
  return make_node({&transpose_operator, a.columns(), a.rows(), {a.node()}});
}

}  // namespace pushforward
