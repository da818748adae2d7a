// A Gaussian bent into a parabola.
#pragma once

#include "density/analytic_density.hpp"

namespace pushforward {

// x_0 ~ N(0, deviation^2), x_1 ~ N(curvature x_0^2, 1) given x_0, the others N(0, 1). With the
// defaults and two dimensions, the example of Papamakarios, Pavlakou, Murray (2017, figure 1). At
// least two dimensions.
class Banana : public AnalyticDensity {
 public:
  explicit Banana(int dimension, double deviation = 2, double curvature = 0.25)
      : dimension_(dimension), deviation_(deviation), curvature_(curvature) {}
  [[nodiscard]] int dimension() const override { return dimension_; }
  [[nodiscard]] double deviation() const { return deviation_; }
  [[nodiscard]] double curvature() const { return curvature_; }
  [[nodiscard]] Expr log_density(Scope scope, Expr x) const override;
  [[nodiscard]] std::vector<ModelArray> arrays() const override;

 private:
  int dimension_;
  double deviation_, curvature_;
};

}  // namespace pushforward
