// Neal's funnel.
#pragma once

#include "density/analytic_density.hpp"

namespace pushforward {

// x_0 ~ N(0, deviation^2), the others N(0, exp(x_0)) given x_0 (Neal 2003, section 8; deviation 3).
// At least two dimensions.
class Funnel : public AnalyticDensity {
 public:
  explicit Funnel(int dimension, double deviation = 3)
      : dimension_(dimension), deviation_(deviation) {}
  [[nodiscard]] int dimension() const override { return dimension_; }
  [[nodiscard]] double deviation() const { return deviation_; }
  [[nodiscard]] Expr log_density(Scope scope, Expr x) const override;
  [[nodiscard]] std::vector<ModelArray> arrays() const override;

 private:
  int dimension_;
  double deviation_;
};

}  // namespace pushforward
