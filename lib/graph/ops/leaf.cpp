// Inputs, parameters and constants.
#include <stdexcept>

#include "graph/operator.hpp"

namespace pushforward {

const Operator input_operator = {"input", nullptr, nullptr, nullptr};
const Operator parameter_operator = {"parameter", nullptr, nullptr, nullptr};
const Operator constant_operator = {"constant", nullptr, nullptr, nullptr};

namespace {

Expr leaf(Graph* graph, const Operator* op, int rows, int columns, Attributes attributes) {
  if (rows < 1 || columns < 1)
    throw std::invalid_argument("a matrix has at least one row and column");
  Node node{op, rows, columns, {}, std::move(attributes)};
  node.graph = graph;
  return Expr(graph->store().intern(std::move(node)));
}

}  // namespace

Expr Graph::input(const std::string& name, int rows, int columns) {
  return leaf(this, &input_operator, rows, columns, LeafName{name});
}

Expr Graph::parameter(const std::string& name, int rows, int columns) {
  return leaf(this, &parameter_operator, rows, columns, LeafName{name});
}

Expr Graph::constant(double value) { return constant(1, 1, {value}); }

Expr Graph::constant(int rows, int columns, const std::vector<double>& values) {
  if (rows > 0 && columns > 0 && values.size() != extent(rows) * extent(columns))
    throw std::invalid_argument("a constant needs rows x columns values");
  return leaf(this, &constant_operator, rows, columns, ConstantValues{values});
}

bool is_constant(const Node* node, double value) {
  while (node->op == &broadcast_operator) node = node->inputs[0];
  if (node->op != &constant_operator) return false;
  for (const double v : node->get<ConstantValues>().values)
    if (v != value) return false;
  return true;
}

Expr filled(Graph& graph, int rows, int columns, double value) {
  return broadcast(graph.constant(value), rows, columns);
}

}  // namespace pushforward
