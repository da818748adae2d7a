// One of two operands, by the sign of a third.
#include "graph/operator.hpp"

namespace pushforward {
namespace {

const Operator select_operator = {
    "select",
    [](const Node* node, Expr g, const Send& send) {
      const Send to = summing_broadcasts(node, send);
      const Expr none = filled(*node->graph, node->rows, node->columns, 0);
      to(1, select(node->in(0), g, none));
      to(2, select(node->in(0), none, g));
    },
    [](const Node* node, const Tangents& tangents) {
      const auto zero = [&] { return filled(*node->graph, node->rows, node->columns, 0); };
      return select(
          node->in(0),
          broadcast(tangents[1].valid() ? tangents[1] : zero(), node->rows, node->columns),
          broadcast(tangents[2].valid() ? tangents[2] : zero(), node->rows, node->columns));
    },
    [](const Node& node, auto* step) {
      step->run = [rows = extent(node.rows), columns = extent(node.columns), c = spread_of(node, 0),
                   y = spread_of(node, 1),
                   n = spread_of(node, 2)](const auto& kernel, const auto& at) {
        kernel.select(rows, columns, at.in(0), c, at.in(1), y, at.in(2), n, at.out());
      };
    },
    Operator::overwrites};

}  // namespace

Expr select(Expr condition, Expr yes, Expr no) {
  if (yes == no) return broadcast_with(yes, condition);
  const int rows = common_extent(common_extent(condition.rows(), yes.rows()), no.rows());
  const int columns =
      common_extent(common_extent(condition.columns(), yes.columns()), no.columns());
  return make_node({&select_operator, rows, columns, {condition.node(), yes.node(), no.node()}});
}

}  // namespace pushforward
