// What `logdensity --summary` prints about a set of log densities.
#pragma once

#include <cstddef>
#include <vector>

namespace pushforward {

struct DensitySummary {
  std::size_t count = 0;      // rows
  std::size_t nonfinite = 0;  // of these rows; left out of all that follows
  double mean = 0, standard_error = 0, median = 0, quantile_01 = 0, quantile_99 = 0;  // nats
  double bits_per_dim = 0;  // -mean / (D ln 2)
};

// Quantiles interpolate linearly between order statistics (Hyndman and Fan's type 7). Values are
// NaN where no row is finite; the standard error is NaN for a single row. Reorders `values`.
[[nodiscard]] DensitySummary summarize_density(std::vector<double>* values, std::size_t dimension);

}  // namespace pushforward
