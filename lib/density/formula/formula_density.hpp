// A density whose logarithm is a formula of a person's own.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "density/analytic_density.hpp"
#include "density/bounds.hpp"
#include "density/formula/syntax.hpp"
#include "io/container.hpp"

namespace pushforward {

struct FormulaSource {
  std::string text;
  int dimension = 2;
  // Of the columns, none or `dimension`. A name that ends with a dot and a number is an element of
  // a vector: theta.1, theta.2.
  std::vector<std::string> names;
  std::vector<ModelArray> data;  // numbers, vectors [K], matrices [K, L]
  Bounds bounds;
};

// "mu,tau,theta[8]" as the names of ten columns: mu, tau, theta.1 ... theta.8. Error(usage) for
// what is no name, and for one that is there twice.
[[nodiscard]] std::vector<std::string> formula_column_names(const std::string& list);

class FormulaDensity : public AnalyticDensity {
 public:
  // `origin` says where the formula is from and begins messages ("formula", "FILE"). Error(`kind`)
  // for a text that is no formula, with its column; for names, data or bounds that do not fit.
  FormulaDensity(FormulaSource source, const std::string& origin, ErrorKind kind);
  ~FormulaDensity() override;

  [[nodiscard]] int dimension() const override { return source_.dimension; }
  // Outside of the bounds it is -infinity.
  [[nodiscard]] Expr log_density(Scope scope, Expr x) const override;
  [[nodiscard]] const Bounds& bounds() const override { return source_.bounds; }
  [[nodiscard]] const Density& unbounded() const override;
  [[nodiscard]] std::vector<std::string> column_names() const override { return source_.names; }
  [[nodiscard]] std::vector<ModelArray> arrays() const override;
  [[nodiscard]] std::vector<ModelText> texts() const override;

 private:
  // The formula, whatever the bounds are: x [n, D] -> [n, 1].
  [[nodiscard]] Expr formula(Graph& graph, Expr x) const;
  class Unbounded;

  FormulaSource source_;
  FormulaSyntax syntax_;
  std::unique_ptr<Unbounded> unbounded_;
};

// Whether an analytic model is a formula, whatever its name.
[[nodiscard]] bool is_formula_model(const ContainerReader& reader);
// From the container of one. Errors name the file.
[[nodiscard]] std::unique_ptr<FormulaDensity> read_formula(const ContainerReader& reader,
                                                           int dimension);

}  // namespace pushforward
