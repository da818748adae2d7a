// Operators that leave their operand's numbers where they are.
#include <stdexcept>

#include "graph/operator.hpp"

namespace pushforward {
namespace {

const Operator reshape_operator = {
    "reshape",
    [](const Node* node, Expr g, const Send& send) {
      send(0, reshape(g, node->in(0).rows(), node->in(0).columns()));
    },
    [](const Node* node, const Tangents& t) { return reshape(t[0], node->rows, node->columns); },
    nullptr, Operator::alias};

}  // namespace

const Operator stop_gradient_operator = {"stop_gradient", nullptr, nullptr, nullptr,
                                         Operator::alias};

Expr stop_gradient(Expr x) {
  return make_node({&stop_gradient_operator, x.rows(), x.columns(), {x.node()}});
}

Expr reshape(Expr x, int rows, int columns) {
  const auto size = [](int m, int n) { return static_cast<long long>(m) * n; };
  if (rows < 1 || size(rows, columns) != size(x.rows(), x.columns()))
    throw std::invalid_argument("reshape: as many numbers as before");
  while (x.node()->op == &reshape_operator) x = x.node()->in(0);
  if (x.rows() == rows && x.columns() == columns) return x;
  const Node* from = x.node();
  if (from->op == &constant_operator)
    return x.graph().constant(rows, columns, from->get<ConstantValues>().values);
  if (from->op == &broadcast_operator && from->in(0).rows() == 1 && from->in(0).columns() == 1)
    return broadcast(from->in(0), rows, columns);
  return make_node({&reshape_operator, rows, columns, {from}});
}

}  // namespace pushforward
