// The operators of expr.hpp: shape checks, and the foldings that keep graphs small.
#include <algorithm>
#include <stdexcept>
#include <string>

#include "graph/node.hpp"

namespace pushforward {
namespace {

int common_extent(int a, int b) {
  if (a == b || b == 1) return a;
  if (a == 1) return b;
  throw std::invalid_argument("extents " + std::to_string(a) + " and " + std::to_string(b) +
                              " do not fit");
}

bool is_scalar_constant(Expr x) {
  return x.node()->op == Op::constant && x.rows() == 1 && x.columns() == 1;
}
double scalar_of(Expr x) { return x.node()->values[0]; }

// A broadcast operand is read spread out, so it need not be stored spread out.
Expr without_broadcast(Expr x) {
  return x.node()->op == Op::broadcast ? Expr(x.node()->inputs[0]) : x;
}

Expr spread_like(Expr x, Expr other) {
  return broadcast(x, common_extent(x.rows(), other.rows()),
                   common_extent(x.columns(), other.columns()));
}

void check_index(const std::vector<int>& index, int columns) {
  if (index.empty()) throw std::invalid_argument("an empty list of columns");
  for (const int i : index)
    if (i < 0 || i >= columns) throw std::invalid_argument("a column outside the matrix");
}

}  // namespace

Expr make_binary(Binary op, Expr a, Expr b) {
  const int rows = common_extent(a.rows(), b.rows());
  const int columns = common_extent(a.columns(), b.columns());
  const Expr a0 = without_broadcast(a), b0 = without_broadcast(b);
  const auto still_fits = [&](Expr p, Expr q) {
    return std::max(p.rows(), q.rows()) == rows && std::max(p.columns(), q.columns()) == columns;
  };
  if (still_fits(a0, b)) a = a0;
  if (still_fits(a, b0)) b = b0;
  // What is repeated over a block is computed before it is.
  const auto repeated = [](Expr x) { return x.node()->op == Op::repeat_rows; };
  const auto source = [](Expr x) { return Expr(x.node()->inputs[0]); };
  if (repeated(a) && repeated(b) && a.node()->index == b.node()->index)
    return repeat_rows(make_binary(op, source(a), source(b)), a.node()->index[0]);
  if (repeated(a) && b.rows() == 1)
    return repeat_rows(make_binary(op, source(a), b), a.node()->index[0]);
  if (a.rows() == 1 && repeated(b))
    return repeat_rows(make_binary(op, a, source(b)), b.node()->index[0]);
  Node node{Op::binary, rows, columns, {a.node(), b.node()}};
  node.binary_op = op;
  return make_node(std::move(node));
}

Expr operator+(Expr a, Expr b) {
  if (is_constant(a.node(), 0)) return spread_like(b, a);
  if (is_constant(b.node(), 0)) return spread_like(a, b);
  if (is_scalar_constant(b)) return make_affine(a, 1, scalar_of(b));
  if (is_scalar_constant(a)) return make_affine(b, 1, scalar_of(a));
  if (b.node()->id < a.node()->id) std::swap(a, b);  // one node for a + b and b + a
  return make_binary(Binary::add, a, b);
}

Expr operator-(Expr a, Expr b) {
  if (is_constant(b.node(), 0)) return spread_like(a, b);
  if (is_constant(a.node(), 0)) return spread_like(-b, a);
  if (is_scalar_constant(b)) return make_affine(a, 1, -scalar_of(b));
  if (is_scalar_constant(a)) return make_affine(b, -1, scalar_of(a));
  return make_binary(Binary::subtract, a, b);
}

Expr operator*(Expr a, Expr b) {
  for (int turn = 0; turn < 2; ++turn, std::swap(a, b)) {
    if (is_constant(a.node(), 0))
      return filled(a.graph(), common_extent(a.rows(), b.rows()),
                    common_extent(a.columns(), b.columns()), 0);
    if (is_constant(a.node(), 1)) return spread_like(b, a);
    if (is_scalar_constant(a)) return make_affine(b, scalar_of(a), 0);
  }
  if (a == b) return square(a);
  if (b.node()->id < a.node()->id) std::swap(a, b);
  return make_binary(Binary::multiply, a, b);
}

Expr operator/(Expr a, Expr b) {
  if (is_constant(b.node(), 1)) return spread_like(a, b);
  if (is_scalar_constant(b) && scalar_of(b) != 0) return make_affine(a, 1 / scalar_of(b), 0);
  if (is_constant(a.node(), 1)) return spread_like(reciprocal(b), a);
  return make_binary(Binary::divide, a, b);
}

Expr operator-(Expr a) { return make_affine(a, -1, 0); }
Expr operator+(Expr a, double b) { return make_affine(a, 1, b); }
Expr operator+(double a, Expr b) { return make_affine(b, 1, a); }
Expr operator-(Expr a, double b) { return make_affine(a, 1, -b); }
Expr operator-(double a, Expr b) { return make_affine(b, -1, a); }
Expr operator*(Expr a, double b) { return make_affine(a, b, 0); }
Expr operator*(double a, Expr b) { return make_affine(b, a, 0); }
Expr operator/(Expr a, double b) { return make_affine(a, 1 / b, 0); }
Expr operator/(double a, Expr b) { return make_affine(reciprocal(b), a, 0); }

Expr exp(Expr x) { return make_unary(Unary::exp, x); }
Expr log(Expr x) { return make_unary(Unary::log, x); }
Expr tanh(Expr x) { return make_unary(Unary::tanh, x); }
Expr sigmoid(Expr x) { return make_unary(Unary::sigmoid, x); }
Expr softplus(Expr x) { return make_unary(Unary::softplus, x); }
Expr silu(Expr x) { return x * sigmoid(x); }
Expr relu(Expr x) { return make_unary(Unary::relu, x); }
Expr sqrt(Expr x) { return make_unary(Unary::sqrt, x); }
Expr square(Expr x) { return make_unary(Unary::square, x); }
Expr reciprocal(Expr x) { return make_unary(Unary::reciprocal, x); }
Expr abs(Expr x) { return make_unary(Unary::abs, x); }
Expr sign(Expr x) { return make_unary(Unary::sign, x); }
Expr heaviside(Expr x) { return make_unary(Unary::heaviside, x); }
Expr sin(Expr x) { return make_unary(Unary::sin, x); }
Expr cos(Expr x) { return make_unary(Unary::cos, x); }

Expr select(Expr condition, Expr yes, Expr no) {
  if (yes == no) return spread_like(yes, condition);
  const int rows = common_extent(common_extent(condition.rows(), yes.rows()), no.rows());
  const int columns =
      common_extent(common_extent(condition.columns(), yes.columns()), no.columns());
  return make_node({Op::select, rows, columns, {condition.node(), yes.node(), no.node()}});
}

Expr stop_gradient(Expr x) {
  return make_node({Op::stop_gradient, x.rows(), x.columns(), {x.node()}});
}

Expr matmul(Expr a, Expr b) {
  if (a.columns() != b.rows()) throw std::invalid_argument("matmul: inner extents differ");
  if (is_constant(a.node(), 0) || is_constant(b.node(), 0))
    return filled(a.graph(), a.rows(), b.columns(), 0);
  if (a.node()->op == Op::transpose) return matmul_transposed(Expr(a.node()->inputs[0]), b);
  return make_node({Op::matmul, a.rows(), b.columns(), {a.node(), b.node()}});
}

Expr matmul_transposed(Expr a, Expr b) {
  if (a.rows() != b.rows()) throw std::invalid_argument("matmul_transposed: inner extents differ");
  if (is_constant(a.node(), 0) || is_constant(b.node(), 0))
    return filled(a.graph(), a.columns(), b.columns(), 0);
  return make_node({Op::matmul_transposed, a.columns(), b.columns(), {a.node(), b.node()}});
}

namespace {

// Column groups of a masked weight matrix of this many rows and columns.
void check_staircase(const Staircase& limit, int rows, int columns) {
  bool fits = !limit.empty() && columns % static_cast<int>(limit.size()) == 0;
  for (std::size_t j = 0; fits && j < limit.size(); ++j)
    fits = limit[j] >= (j == 0 ? 0 : limit[j - 1]) && limit[j] <= rows;
  if (!fits) throw std::invalid_argument("a staircase that does not fit its matrix");
}

Expr masked(Op op, int rows, int columns, Expr a, Expr b, const Staircase& limit) {
  if (is_constant(a.node(), 0) || is_constant(b.node(), 0))
    return filled(a.graph(), rows, columns, 0);
  Node node{op, rows, columns, {a.node(), b.node()}};
  node.index = limit;
  return make_node(std::move(node));
}

}  // namespace

Expr masked_matmul(Expr a, Expr w, const Staircase& limit) {
  if (a.columns() != w.rows()) throw std::invalid_argument("masked_matmul: inner extents differ");
  check_staircase(limit, w.rows(), w.columns());
  return masked(Op::masked_matmul, a.rows(), w.columns(), a, w, limit);
}

Expr masked_matmul_back(Expr a, Expr w_transposed, const Staircase& limit) {
  if (a.columns() != w_transposed.rows())
    throw std::invalid_argument("masked_matmul_back: inner extents differ");
  check_staircase(limit, w_transposed.columns(), w_transposed.rows());
  return masked(Op::masked_matmul_back, a.rows(), w_transposed.columns(), a, w_transposed, limit);
}

Expr masked_outer(Expr a, Expr b, const Staircase& limit) {
  if (a.rows() != b.rows()) throw std::invalid_argument("masked_outer: inner extents differ");
  check_staircase(limit, a.columns(), b.columns());
  return masked(Op::masked_outer, a.columns(), b.columns(), a, b, limit);
}

Expr inverse_lower(Expr a) {
  if (a.rows() != a.columns()) throw std::invalid_argument("inverse_lower: a square matrix");
  return make_node({Op::inverse_lower, a.rows(), a.columns(), {a.node()}});
}

Expr transpose(Expr a) {
  if (a.node()->op == Op::transpose) return Expr(a.node()->inputs[0]);
  if (a.node()->op == Op::broadcast)
    return broadcast(transpose(Expr(a.node()->inputs[0])), a.columns(), a.rows());
  if (a.rows() == 1 && a.columns() == 1) return a;
  return make_node({Op::transpose, a.columns(), a.rows(), {a.node()}});
}

Expr sum_columns(Expr x) {
  if (x.columns() == 1) return x;
  if (x.node()->op == Op::broadcast && x.node()->inputs[0]->columns == 1)
    return broadcast(Expr(x.node()->inputs[0]) * static_cast<double>(x.columns()), x.rows(), 1);
  return make_node({Op::sum_columns, x.rows(), 1, {x.node()}});
}

Expr sum_rows(Expr x) {
  if (x.rows() == 1) return x;
  if (x.node()->op == Op::broadcast && x.node()->inputs[0]->rows == 1)
    return broadcast(Expr(x.node()->inputs[0]) * static_cast<double>(x.rows()), 1, x.columns());
  return make_node({Op::sum_rows, 1, x.columns(), {x.node()}});
}

Expr sum(Expr x) {
  if (x.rows() == 1 && x.columns() == 1) return x;
  if (is_constant(x.node(), 0)) return x.graph().constant(0);
  return make_node({Op::sum, 1, 1, {x.node()}});
}

Expr broadcast(Expr x, int rows, int columns) {
  if (x.node()->op == Op::broadcast) x = Expr(x.node()->inputs[0]);
  if (x.rows() == rows && x.columns() == columns) return x;
  if ((x.rows() != rows && x.rows() != 1) || (x.columns() != columns && x.columns() != 1))
    throw std::invalid_argument("broadcast: extents do not fit");
  return make_node({Op::broadcast, rows, columns, {x.node()}});
}

Expr max_columns(Expr x) {
  if (x.columns() == 1) return stop_gradient(x);
  return make_node({Op::max_columns, x.rows(), 1, {x.node()}});
}

Expr logsumexp_columns(Expr x) {
  // The maximum is a constant to the derivative: it cancels in value, so it does in derivatives.
  const Expr most = max_columns(x);
  return log(sum_columns(exp(x - most))) + most;
}

Expr gather_columns(Expr x, const std::vector<int>& index) {
  check_index(index, x.columns());
  bool all = static_cast<int>(index.size()) == x.columns();
  for (std::size_t j = 0; all && j < index.size(); ++j) all = index[j] == static_cast<int>(j);
  if (all) return x;
  const int count = static_cast<int>(index.size());
  if (is_constant(x.node(), 0)) return filled(x.graph(), x.rows(), count, 0);
  Node node{Op::gather, x.rows(), count, {x.node()}};
  node.index = index;
  return make_node(std::move(node));
}

Expr scatter_columns(Expr x, const std::vector<int>& index, int columns) {
  check_index(index, columns);
  if (static_cast<int>(index.size()) != x.columns())
    throw std::invalid_argument("scatter_columns: an index a column");
  bool all = x.columns() == columns;
  for (std::size_t j = 0; all && j < index.size(); ++j) all = index[j] == static_cast<int>(j);
  if (all) return x;
  if (is_constant(x.node(), 0)) return filled(x.graph(), x.rows(), columns, 0);
  Node node{Op::scatter, x.rows(), columns, {x.node()}};
  node.index = index;
  return make_node(std::move(node));
}

Expr slice_columns(Expr x, int first, int count) {
  std::vector<int> index;
  for (int j = 0; j < count; ++j) index.push_back(first + j);
  return gather_columns(x, index);
}

Expr concatenate_columns(const std::vector<Expr>& parts) {
  int rows = 1, columns = 0;
  for (const Expr part : parts) {
    rows = common_extent(rows, part.rows());
    columns += part.columns();
  }
  Expr all = filled(parts.at(0).graph(), rows, columns, 0);
  int first = 0;
  for (const Expr part : parts) {
    std::vector<int> index;
    for (int j = 0; j < part.columns(); ++j) index.push_back(first + j);
    first += part.columns();
    all = all + scatter_columns(broadcast(part, rows, part.columns()), index, columns);
  }
  return all;
}

}  // namespace pushforward
