// The report of logdensity --summary.
#pragma once

#include <cstddef>

#include "cli/program.hpp"
#include "likelihood/density_run.hpp"

namespace pushforward {

// One row: statistics of the log densities, which this sorts; then what an estimate says of itself,
// and the terms of a bound.
[[nodiscard]] Report density_report(DensityTotals* totals, std::size_t dimension);

}  // namespace pushforward
