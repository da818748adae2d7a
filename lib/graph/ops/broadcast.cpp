// Operands that are repeated to the shape of others.
#include <stdexcept>

#include "graph/operator.hpp"

namespace pushforward {

const Operator broadcast_operator = {
    "broadcast",
    [](const Node* node, Expr g, const Send& send) {
      send(0, reduce_to(g, node->in(0).rows(), node->in(0).columns()));
    },
    [](const Node* node, const Tangents& t) { return broadcast(t[0], node->rows, node->columns); },
    [](const Node& node, auto* step) {
      step->run = [m = extent(node.rows), n = extent(node.columns), spread = spread_of(node, 0)](
                      const auto& kernel, const auto& at) {
        kernel.broadcast(m, n, at.in(0), spread, at.out());
      };
    }};

Expr broadcast(Expr x, int rows, int columns) {
  if (x.node()->op == &broadcast_operator) x = x.node()->in(0);
  if (x.rows() == rows && x.columns() == columns) return x;
  if ((x.rows() != rows && x.rows() != 1) || (x.columns() != columns && x.columns() != 1))
    throw std::invalid_argument("broadcast: extents do not fit");
  return make_node({&broadcast_operator, rows, columns, {x.node()}});
}

int common_extent(int a, int b) {
  if (a == b || b == 1) return a;
  if (a == 1) return b;
  throw std::invalid_argument("extents " + std::to_string(a) + " and " + std::to_string(b) +
                              " do not fit");
}

Expr broadcast_with(Expr x, Expr other) {
  return broadcast(x, common_extent(x.rows(), other.rows()),
                   common_extent(x.columns(), other.columns()));
}

}  // namespace pushforward
