// What every model with a log density offers: analytic targets, flows.
#pragma once

#include <string>
#include <vector>

#include "nn/parameters.hpp"

namespace pushforward {

// Of data, one number a column.
struct ColumnScales {
  std::vector<double> mean, deviation;
};

// A density over rows of `dimension()` numbers, in data units. It builds expressions; it computes
// nothing itself.
class Density {
 public:
  virtual ~Density() = default;
  [[nodiscard]] virtual int dimension() const = 0;
  // Columns of what the density is conditioned on; 0 for most.
  [[nodiscard]] virtual int context_columns() const { return 0; }
  // Rows of a lane: `most`, or as many fewer as keep a large network's layers in a core's cache.
  [[nodiscard]] virtual std::size_t lane_rows(std::size_t most) const { return most; }
  // What is subtracted from rows in double, one number a column, before log_density() takes them;
  // empty for most. So a column that lies far from 0 keeps its digits in float32.
  [[nodiscard]] virtual std::vector<double> origin() const { return {}; }
  // log p(x | context), nats: x [n, dimension + context_columns()], less origin() -> [n, 1].
  [[nodiscard]] virtual Expr log_density(Scope scope, Expr x) const = 0;
  // log density of scale * X + deviation * Z at x + scale * origin(), with Z standard normal; scale
  // and deviation are [n, 1] or [1, 1] and positive (deviation may be 0 for none). Only where
  // noised() is true.
  [[nodiscard]] virtual bool noised() const { return false; }
  [[nodiscard]] virtual Expr noised_log_density(Scope scope, Expr x, Expr scale,
                                                Expr deviation) const;
  // Of its rows; empty where it does not say.
  [[nodiscard]] virtual ColumnScales column_scales() const { return {}; }
  // Empty for analytic densities.
  [[nodiscard]] virtual const ParameterTable& parameters() const;
};

}  // namespace pushforward
