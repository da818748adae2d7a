#include "density/formula/value.hpp"

#include <cmath>

namespace pushforward {
namespace {

template <class OfNumbers, class OfExprs>
FormulaValue elementwise(std::size_t at, const FormulaValue& a, const FormulaValue& b,
                         const OfNumbers& of_numbers, const OfExprs& of_exprs) {
  common_size(at, {a, b});
  if (!a.number || !b.number) return {of_exprs(a.expr, b.expr)};
  const double value = of_numbers(*a.number, *b.number);
  if (!std::isfinite(value)) throw FormulaError(at, "this is no finite number");
  return {a.expr.graph().constant(value), false, value};
}

// x^n by squares, n > 0.
Expr whole_power(Expr x, int n) {
  if (n == 1) return x;
  const Expr half = whole_power(x, n / 2);
  return n % 2 == 0 ? square(half) : square(half) * x;
}

}  // namespace

std::string described(const FormulaValue& value) {
  if (value.matrix)
    return "a matrix of " + std::to_string(value.expr.columns()) + " x " +
           std::to_string(value.expr.rows()) + " numbers";
  return value.size() == 1 ? "a number"
                           : "a vector of " + std::to_string(value.size()) + " numbers";
}

int common_size(std::size_t at, const std::vector<FormulaValue>& values) {
  const FormulaValue* widest = &values[0];
  for (const FormulaValue& value : values) {
    if (value.matrix)
      throw FormulaError(at, "this is not for " + described(value) + ", which only matmul takes");
    if (value.size() != 1 && widest->size() != 1 && value.size() != widest->size())
      throw FormulaError(at, described(*widest) + " and " + described(value) +
                                 " do not go together; they should have the same size");
    if (value.size() > widest->size()) widest = &value;
  }
  return widest->size();
}

FormulaValue add(std::size_t at, const FormulaValue& a, const FormulaValue& b) {
  return elementwise(
      at, a, b, [](double x, double y) { return x + y; }, [](Expr x, Expr y) { return x + y; });
}

FormulaValue subtract(std::size_t at, const FormulaValue& a, const FormulaValue& b) {
  return elementwise(
      at, a, b, [](double x, double y) { return x - y; }, [](Expr x, Expr y) { return x - y; });
}

FormulaValue multiply(std::size_t at, const FormulaValue& a, const FormulaValue& b) {
  return elementwise(
      at, a, b, [](double x, double y) { return x * y; }, [](Expr x, Expr y) { return x * y; });
}

FormulaValue divide(std::size_t at, const FormulaValue& a, const FormulaValue& b) {
  return elementwise(
      at, a, b, [](double x, double y) { return x / y; }, [](Expr x, Expr y) { return x / y; });
}

// An exponent that is known now keeps powers of negative numbers and their gradients exact.
FormulaValue power(std::size_t at, const FormulaValue& a, const FormulaValue& b) {
  constexpr double most = 64;
  return elementwise(
      at, a, b, [](double x, double y) { return std::pow(x, y); },
      [&](Expr x, Expr y) {
        if (!b.number) return exp(y * log(x));
        const double n = *b.number;
        if (n == 0) return broadcast(x.graph().constant(1), x.rows(), x.columns());
        if (n == 0.5) return sqrt(x);
        if (n != std::floor(n) || std::abs(n) > most) return exp(n * log(x));
        const Expr whole = whole_power(x, static_cast<int>(std::abs(n)));
        return n > 0 ? whole : reciprocal(whole);
      });
}

FormulaValue negative(const FormulaValue& a) {
  FormulaValue result{-a.expr};
  if (a.number) result.number = -*a.number;
  return result;
}

FormulaValue concatenated(const std::vector<FormulaValue>& parts) {
  std::vector<double> numbers;
  std::vector<Expr> exprs;
  for (const FormulaValue& part : parts) {
    exprs.push_back(part.expr);
    if (part.number) numbers.push_back(*part.number);
  }
  if (numbers.size() == parts.size())
    return {exprs[0].graph().constant(1, static_cast<int>(numbers.size()), numbers)};
  return {hstack(exprs)};
}

FormulaValue elements(std::size_t at, const FormulaValue& vector, int first, int last, int step) {
  if (last > vector.size() || first > vector.size() || first < 1)
    throw FormulaError(at, described(vector) + " has no element " +
                               std::to_string(last > vector.size() ? last : first));
  if (last < first)
    throw FormulaError(at, "a range runs from a smaller place to a larger one, as in [2:5]");
  std::vector<int> index;
  for (int j = first; j <= last; j += step) index.push_back(j - 1);
  return {gather_columns(vector.expr, index)};
}

}  // namespace pushforward
