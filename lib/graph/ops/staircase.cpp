// Products with a matrix whose non-zero entries form a staircase.
#include <stdexcept>

#include "graph/operator.hpp"

namespace pushforward {
namespace {

const Staircase& limit_of(const Node* node) { return node->get<Staircase>(); }

// begin and end are the rows of the right operand that a column of the result takes part with, in
// each of `groups` groups of rows.
template <class T>
void set_product(const Node& node, std::size_t groups, std::vector<int> begin, std::vector<int> end,
                 Step<T>* step) {
  const std::size_t inner = extent(node.inputs[0]->columns);
  step->shape += "x" + std::to_string(inner);
  step->run = [m = extent(node.rows), n = extent(node.columns), inner, groups,
               begin = std::move(begin),
               end = std::move(end)](const Kernels<T>& kernel, const StepBuffers<T>& at) {
    kernel.masked_matmul(m, n, inner, at.in(0), at.in(1), at.bias(), groups, begin.data(),
                         end.data(), at.out());
  };
}

// The ends of a staircase's columns, group after group.
std::vector<int> ends_of(const Node& node) {
  const Staircase& limit = limit_of(&node);
  std::vector<int> end(extent(node.columns));
  for (std::size_t j = 0; j < end.size(); ++j) end[j] = limit[j % limit.size()];
  return end;
}

const Operator masked_matmul_operator = {
    "masked_matmul",
    [](const Node* node, Expr g, const Send& send) {
      send_both(send, {masked_matmul_back(g, transpose(node->in(1)), limit_of(node)),
                       masked_outer(node->in(0), g, limit_of(node))});
    },
    [](const Node* node, const Tangents& t) {
      return bilinear_tangent(
          node, t, [node](Expr a, Expr w) { return masked_matmul(a, w, limit_of(node)); });
    },
    [](const Node& node, auto* step) {
      set_product(node, 1, std::vector<int>(extent(node.columns), 0), ends_of(node), step);
    },
    Operator::takes_bias};

const Operator masked_matmul_back_operator = {
    "masked_matmul_back",
    [](const Node* node, Expr g, const Send& send) {
      send_both(send, {masked_matmul(g, transpose(node->in(1)), limit_of(node)),
                       transpose(masked_outer(g, node->in(0), limit_of(node)))});
    },
    [](const Node* node, const Tangents& t) {
      return bilinear_tangent(
          node, t, [node](Expr a, Expr w) { return masked_matmul_back(a, w, limit_of(node)); });
    },
    [](const Node& node, auto* step) {
      const Staircase& limit = limit_of(&node);
      const std::size_t size = limit.size();
      std::vector<int> begin(extent(node.columns)), end(begin.size(), static_cast<int>(size));
      for (std::size_t p = 0, first = 0; p < begin.size(); ++p) {
        while (first < size && limit[first] <= static_cast<int>(p)) ++first;
        begin[p] = static_cast<int>(first);
      }
      set_product(node, extent(node.inputs[0]->columns) / size, begin, end, step);
    }};

const Operator masked_outer_operator = {
    "masked_outer",
    [](const Node* node, Expr g, const Send& send) {
      send_both(send, {masked_matmul_back(node->in(1), transpose(g), limit_of(node)),
                       masked_matmul(node->in(0), g, limit_of(node))});
    },
    [](const Node* node, const Tangents& t) {
      return bilinear_tangent(
          node, t, [node](Expr a, Expr b) { return masked_outer(a, b, limit_of(node)); });
    },
    [](const Node& node, auto* step) {
      const std::size_t inner = extent(node.inputs[0]->rows), columns = extent(node.columns);
      step->shape += "x" + std::to_string(inner);
      step->run = [m = extent(node.rows), columns, inner, groups = columns / limit_of(&node).size(),
                   end = ends_of(node)](const auto& kernel, const auto& at) {
        kernel.masked_outer(m, columns, inner, at.in(0), at.in(1), groups, end.data(), at.out());
      };
    }};

// Column groups of a masked weight matrix of this many rows and columns.
void check_staircase(const Staircase& limit, int rows, int columns) {
  bool fits = !limit.empty() && columns % static_cast<int>(limit.size()) == 0;
  for (std::size_t j = 0; fits && j < limit.size(); ++j)
    fits = limit[j] >= (j == 0 ? 0 : limit[j - 1]) && limit[j] <= rows;
  if (!fits) throw std::invalid_argument("a staircase that does not fit its matrix");
}

Expr masked(const Operator& op, int rows, int columns, Expr a, Expr b, const Staircase& limit) {
  if (is_constant(a.node(), 0) || is_constant(b.node(), 0))
    return filled(a.graph(), rows, columns, 0);
  return make_node({&op, rows, columns, {a.node(), b.node()}, limit});
}

}  // namespace

Expr masked_matmul(Expr a, Expr w, const Staircase& limit) {
  if (a.columns() != w.rows()) throw std::invalid_argument("masked_matmul: inner extents differ");
  check_staircase(limit, w.rows(), w.columns());
  return masked(masked_matmul_operator, a.rows(), w.columns(), a, w, limit);
}

Expr masked_matmul_back(Expr a, Expr w_transposed, const Staircase& limit) {
  if (a.columns() != w_transposed.rows())
    throw std::invalid_argument("masked_matmul_back: inner extents differ");
  check_staircase(limit, w_transposed.columns(), w_transposed.rows());
  return masked(masked_matmul_back_operator, a.rows(), w_transposed.columns(), a, w_transposed,
                limit);
}

Expr masked_outer(Expr a, Expr b, const Staircase& limit) {
  if (a.rows() != b.rows()) throw std::invalid_argument("masked_outer: inner extents differ");
  check_staircase(limit, a.columns(), b.columns());
  return masked(masked_outer_operator, a.columns(), b.columns(), a, b, limit);
}

}  // namespace pushforward
