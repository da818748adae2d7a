// The functions of formulas that are no log densities.
#include <cmath>

#include "density/formula/value.hpp"

namespace pushforward {
namespace {

using Arguments = std::vector<FormulaValue>;

// A function of one number, and what it makes of a number that is known now.
template <Expr (*of)(Expr)>
FormulaValue elementwise(std::size_t, const Arguments& arguments) {
  return {of(arguments[0].expr)};
}

Expr tan_of(Expr x) { return sin(x) / cos(x); }

// The value of an argument that says how something is done, such as a shift.
int whole_number(std::size_t at, const FormulaValue& value, const char* what) {
  constexpr double most = 1e8;
  if (!value.number || *value.number != std::floor(*value.number) || std::abs(*value.number) > most)
    throw FormulaError(at, std::string(what) + " should be a whole number that does not depend " +
                               "on rows or data");
  return static_cast<int>(*value.number);
}

FormulaValue sum_of(std::size_t, const Arguments& a) { return {sum_columns(a[0].expr)}; }

FormulaValue mean_of(std::size_t, const Arguments& a) {
  return {sum_columns(a[0].expr) * (1.0 / a[0].size())};
}

FormulaValue dot_of(std::size_t at, const Arguments& a) {
  return {sum_columns(multiply(at, a[0], a[1]).expr)};
}

// Its gradient at 0 is 0.
FormulaValue norm_of(std::size_t, const Arguments& a) {
  const Expr squares = sum_columns(square(a[0].expr));
  const Expr safe = select(squares, squares, squares.graph().constant(1));
  return {select(squares, sqrt(safe), squares)};
}

// Of two operands the one where sign (a - b) > 0.
Expr extreme(Expr a, Expr b, double sign) { return select(sign * (a - b), a, b); }

// By halves, so that a long vector makes no deep expression. The gradient is that of the element
// which is chosen.
Expr extreme_element(Expr x, double sign) {
  while (x.columns() > 1) {
    const int half = x.columns() / 2, rest = x.columns() - 2 * half;
    const Expr pairs = extreme(slice_columns(x, 0, half), slice_columns(x, half, half), sign);
    x = rest == 0 ? pairs : hstack({pairs, slice_columns(x, 2 * half, 1)});
  }
  return x;
}

template <int sign>
FormulaValue extreme_of(std::size_t at, const Arguments& a) {
  if (a.size() == 1) return {extreme_element(a[0].expr, sign)};
  common_size(at, a);
  return {extreme(a[0].expr, a[1].expr, sign)};
}

FormulaValue logsumexp_of(std::size_t, const Arguments& a) {
  return {logsumexp_columns(a.size() == 1 ? a[0].expr : concatenated(a).expr)};
}

FormulaValue concat_of(std::size_t, const Arguments& a) { return concatenated(a); }

FormulaValue slice_of(std::size_t at, const Arguments& a) {
  return elements(at, a[0], whole_number(at, a[1], "the first place"),
                  whole_number(at, a[2], "the last place"), 1);
}

// As numpy's: element j goes to place j + shift, and round the end; inside blocks of equal size
// where there is a third argument.
FormulaValue roll_of(std::size_t at, const Arguments& a) {
  const int shift = whole_number(at, a[1], "the shift"), size = a[0].size();
  const int block = a.size() > 2 ? whole_number(at, a[2], "the size of a block") : size;
  if (block < 1 || size % block != 0)
    throw FormulaError(at,
                       described(a[0]) + " cannot be cut into blocks of " + std::to_string(block));
  std::vector<int> index;
  for (int j = 0; j < size; ++j) {
    const int place = j % block;
    index.push_back(j - place + ((place - shift) % block + block) % block);
  }
  return {gather_columns(a[0].expr, index)};
}

FormulaValue where_of(std::size_t at, const Arguments& a) {
  common_size(at, a);
  return {select(a[0].expr, a[1].expr, a[2].expr)};
}

FormulaValue matmul_of(std::size_t at, const Arguments& a) {
  if (!a[0].matrix)
    throw FormulaError(
        at, "the first argument is " + described(a[0]) + "; matmul(A, v) needs a matrix of data");
  if (a[1].size() != a[0].expr.rows())
    throw FormulaError(at, described(a[0]) + " needs a vector of " +
                               std::to_string(a[0].expr.rows()) + " numbers, not " +
                               described(a[1]));
  return {matmul(a[1].expr, a[0].expr)};
}

const std::vector<FormulaFunction>& plain_functions() {
  static const std::vector<FormulaFunction> functions = {
      {"exp", "exp(v)", 1, 1, elementwise<exp>},
      {"log", "log(v)", 1, 1, elementwise<log>},
      {"log1p", "log1p(v)", 1, 1, elementwise<log1p>},
      {"expm1", "expm1(v)", 1, 1, elementwise<expm1>},
      {"sqrt", "sqrt(v)", 1, 1, elementwise<sqrt>},
      {"abs", "abs(v)", 1, 1, elementwise<abs>},
      {"sin", "sin(v)", 1, 1, elementwise<sin>},
      {"cos", "cos(v)", 1, 1, elementwise<cos>},
      {"tan", "tan(v)", 1, 1, elementwise<tan_of>},
      {"tanh", "tanh(v)", 1, 1, elementwise<tanh>},
      {"sigmoid", "sigmoid(v)", 1, 1, elementwise<sigmoid>},
      {"softplus", "softplus(v)", 1, 1, elementwise<softplus>},
      {"erf", "erf(v)", 1, 1, elementwise<erf>},
      {"lgamma", "lgamma(v)", 1, 1, elementwise<lgamma>},
      {"sum", "sum(v)", 1, 1, sum_of},
      {"mean", "mean(v)", 1, 1, mean_of},
      {"dot", "dot(v, w)", 2, 2, dot_of},
      {"norm", "norm(v)", 1, 1, norm_of},
      {"max", "max(v) or max(v, w)", 1, 2, extreme_of<1>},
      {"min", "min(v) or min(v, w)", 1, 2, extreme_of<-1>},
      {"logsumexp", "logsumexp(v, ...)", 1, 1000, logsumexp_of},
      {"concat", "concat(v, ...)", 1, 1000, concat_of},
      {"slice", "slice(v, first, last)", 3, 3, slice_of},
      {"roll", "roll(v, shift) or roll(v, shift, block)", 2, 3, roll_of},
      {"where", "where(condition, yes, no)", 3, 3, where_of},
      {"matmul", "matmul(A, v)", 2, 2, matmul_of, true}};
  return functions;
}

}  // namespace

const std::vector<FormulaFunction>& formula_functions() {
  static const std::vector<FormulaFunction> all = [] {
    std::vector<FormulaFunction> list = plain_functions();
    const std::vector<FormulaFunction>& more = formula_log_densities();
    list.insert(list.end(), more.begin(), more.end());
    return list;
  }();
  return all;
}

}  // namespace pushforward
