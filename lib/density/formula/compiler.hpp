// From the syntax of a formula to expressions.
#pragma once

#include "density/formula/formula_density.hpp"
#include "density/formula/value.hpp"

namespace pushforward {

// The value of a formula at x [n, D]: [n, 1]. FormulaError where a name is not known, sizes do not
// fit, or the result is no number of each row.
[[nodiscard]] Expr compile_formula(const FormulaSyntax& syntax, const FormulaSource& source,
                                   Graph& graph, Expr x);

}  // namespace pushforward
