// The interface of models with a log density: analytic targets and flows.
#pragma once

#include <string>
#include <vector>

#include "density/bounds.hpp"
#include "nn/parameters.hpp"

namespace pushforward {

// Mean and standard deviation of data, one number per column.
struct ColumnScales {
  std::vector<double> mean, deviation;
};

// A density over rows of `dimension()` numbers, in data units. It builds expressions; it computes
// nothing itself.
class Density {
 public:
  virtual ~Density() = default;
  [[nodiscard]] virtual int dimension() const = 0;
  // Number of columns that the density is conditioned on; 0 for most densities.
  [[nodiscard]] virtual int context_columns() const { return 0; }
  // Rows per lane: at most `max_rows`, and few enough to keep a large network's layers in a core's
  // cache.
  [[nodiscard]] virtual std::size_t lane_rows(std::size_t max_rows) const { return max_rows; }
  // Subtracted from rows in double, one number per column, before log_density() takes them, so that
  // a column far from 0 keeps its digits in float32. Empty for most densities.
  [[nodiscard]] virtual std::vector<double> origin() const { return {}; }
  // log p(x | context), nats: x [n, dimension + context_columns()], less origin() -> [n, 1].
  [[nodiscard]] virtual Expr log_density(Scope scope, Expr x) const = 0;
  // log density of scale * X + deviation * Z at x + scale * origin(), with X from this density and
  // Z standard normal; scale and deviation are [n, 1] or [1, 1], scale > 0, deviation >= 0. Only if
  // noised() is true.
  [[nodiscard]] virtual bool noised() const { return false; }
  [[nodiscard]] virtual Expr noised_log_density(Scope scope, Expr x, Expr scale,
                                                Expr deviation) const;
  // Of its columns; outside of them the density is 0.
  [[nodiscard]] virtual const Bounds& bounds() const;
  // The density of bounds().to_unbounded(x), in which chains move; lives as long as this one.
  [[nodiscard]] virtual const Density& unbounded() const { return *this; }
  // Empty if columns have no names.
  [[nodiscard]] virtual std::vector<std::string> column_names() const { return {}; }
  // Of its rows; empty if unknown.
  [[nodiscard]] virtual ColumnScales column_scales() const { return {}; }
  // Empty for analytic densities.
  [[nodiscard]] virtual const ParameterTable& parameters() const;
};

}  // namespace pushforward
