// What a term of a formula is worth: for every row a number or a vector, or a matrix of data.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "density/formula/syntax.hpp"
#include "graph/expr.hpp"

namespace pushforward {

struct FormulaValue {
  // [1 or n, K], K = 1 for a number; of a matrix [K, L] its transpose, [L, K].
  Expr expr;
  bool matrix = false;
  std::optional<double> number{};  // where it is known now

  [[nodiscard]] int size() const { return expr.columns(); }
};

// A function that formulas can call.
struct FormulaFunction {
  const char* name;
  const char* signature;  // "normal_lpdf(v, mean, sd)", for messages
  int least, most;        // arguments
  // The arguments are no matrices, except the first of one that takes_matrix.
  FormulaValue (*of)(std::size_t at, const std::vector<FormulaValue>& arguments);
  bool takes_matrix = false;
};

// All functions, in the order of the manual.
[[nodiscard]] const std::vector<FormulaFunction>& formula_functions();
// The log densities among them.
[[nodiscard]] const std::vector<FormulaFunction>& formula_log_densities();

// "a vector of 3 numbers", "a number".
[[nodiscard]] std::string described(const FormulaValue& value);

// The number of elements that values broadcast to. FormulaError where two differ and neither is 1.
int common_size(std::size_t at, const std::vector<FormulaValue>& values);

// Elementwise; a number is repeated. FormulaError for vectors of different sizes.
[[nodiscard]] FormulaValue add(std::size_t at, const FormulaValue& a, const FormulaValue& b);
[[nodiscard]] FormulaValue subtract(std::size_t at, const FormulaValue& a, const FormulaValue& b);
[[nodiscard]] FormulaValue multiply(std::size_t at, const FormulaValue& a, const FormulaValue& b);
[[nodiscard]] FormulaValue divide(std::size_t at, const FormulaValue& a, const FormulaValue& b);
[[nodiscard]] FormulaValue power(std::size_t at, const FormulaValue& a, const FormulaValue& b);
[[nodiscard]] FormulaValue negative(const FormulaValue& a);

// One vector after another.
[[nodiscard]] FormulaValue concatenated(const std::vector<FormulaValue>& parts);
// Elements first, first + step, ... to `last`, counted from 1.
[[nodiscard]] FormulaValue elements(std::size_t at, const FormulaValue& vector, int first, int last,
                                    int step);

}  // namespace pushforward
