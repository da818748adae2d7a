// Sums and maxima over rows and columns.
#include <stdexcept>

#include "graph/operator.hpp"

namespace pushforward {
namespace {

// The adjoint of every sum.
void spread_adjoint(const Node* node, Expr g, const Send& send) {
  send(0, broadcast(g, node->in(0).rows(), node->in(0).columns()));
}

const Operator sum_columns_operator = {
    "sum_columns", spread_adjoint, [](const Node*, const Tangents& t) { return sum_columns(t[0]); },
    [](const Node& node, auto* step) {
      const std::size_t m = extent(node.rows), n = extent(node.inputs[0]->columns);
      step->shape += "x" + std::to_string(n);
      step->run = [m, n](const auto& kernel, const auto& at) {
        kernel.sum_columns(m, n, at.in(0), at.out());
      };
    }};

const Operator sum_rows_operator = {
    "sum_rows", spread_adjoint, [](const Node*, const Tangents& t) { return sum_rows(t[0]); },
    [](const Node& node, auto* step) {
      const std::size_t m = extent(node.inputs[0]->rows), n = extent(node.columns);
      step->shape += "x" + std::to_string(m);
      step->run = [m, n](const auto& kernel, const auto& at) {
        kernel.sum_rows(m, n, at.in(0), at.out());
      };
    }};

const Operator sum_operator = {"sum", spread_adjoint,
                               [](const Node*, const Tangents& t) { return sum(t[0]); },
                               [](const Node& node, auto* step) {
                                 const std::size_t n = size_of(node.inputs[0]);
                                 step->shape = std::to_string(n);
                                 step->run = [n](const auto& kernel, const auto& at) {
                                   kernel.sum_columns(1, n, at.in(0), at.out());
                                 };
                               }};

const Operator max_columns_operator = {
    "max_columns", nullptr, nullptr, [](const Node& node, auto* step) {
      step->run = [m = extent(node.rows), n = extent(node.inputs[0]->columns)](const auto& kernel,
                                                                               const auto& at) {
        kernel.max_columns(m, n, at.in(0), at.out());
      };
    }};

}  // namespace

Expr sum_columns(Expr x) {
  if (x.columns() == 1) return x;
  if (x.node()->op == &broadcast_operator && x.node()->in(0).columns() == 1)
    return broadcast(x.node()->in(0) * static_cast<double>(x.columns()), x.rows(), 1);
  return make_node({&sum_columns_operator, x.rows(), 1, {x.node()}});
}

Expr sum_rows(Expr x) {
  if (x.rows() == 1) return x;
  if (x.node()->op == &broadcast_operator && x.node()->in(0).rows() == 1)
    return broadcast(x.node()->in(0) * static_cast<double>(x.rows()), 1, x.columns());
  return make_node({&sum_rows_operator, 1, x.columns(), {x.node()}});
}

Expr sum(Expr x) {
  if (x.rows() == 1 && x.columns() == 1) return x;
  if (is_constant(x.node(), 0)) return x.graph().constant(0);
  return make_node({&sum_operator, 1, 1, {x.node()}});
}

Expr max_columns(Expr x) {
  if (x.columns() == 1) return stop_gradient(x);
  return make_node({&max_columns_operator, x.rows(), 1, {x.node()}});
}

Expr logsumexp_columns(Expr x) {
  // The maximum is a constant to the derivative: it cancels in value, so it does in derivatives.
  const Expr most = max_columns(x);
  return log(sum_columns(exp(x - most))) + most;
}

Expr reduce_to(Expr x, int rows, int columns) {
  if (rows == 1 && columns == 1 && (x.rows() > 1 || x.columns() > 1)) return sum(x);
  if (columns == 1 && x.columns() > 1) x = sum_columns(x);
  if (rows == 1 && x.rows() > 1) x = sum_rows(x);
  if (x.rows() != rows || x.columns() != columns)
    throw std::invalid_argument("shapes do not reduce");
  return x;
}

}  // namespace pushforward
