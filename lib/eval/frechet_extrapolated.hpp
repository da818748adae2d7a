// The Frechet distance extrapolated to infinitely many generated rows.
#pragma once

#include <cstdint>
#include <string>

#include "eval/grouped_statistics.hpp"

namespace pushforward {

// Groups of the n generated rows of `dimension` numbers for frechet_extrapolated. There are 15
// nested subsets, of sizes equally spaced from max(min(5000, n / 2), dimension + 1) to n. The first
// group is the smallest subset; each other group is what the next larger subset adds. Rows are
// dealt out by a random permutation of their numbers, a function of (n, seed). The distance of
// fewer rows than dimensions is not on the line that is extrapolated: Error(invalid), naming the
// set, if n is below 2 (dimension + 1) or below 30.
[[nodiscard]] GroupedStatistics extrapolation_groups(std::size_t n, std::size_t dimension,
                                                     std::uint64_t seed, const std::string& name);

struct Extrapolation {
  double value = 0;      // of the line at 1 / N = 0; may be below 0
  double fit_error = 0;  // standard error of the value, from the residuals of the line
  double slope = 0;      // N times the bias of the distance of N rows
};

// The intercept of the least-squares line through the distances of the subsets to the reference as
// a function of 1 / N, where N is their size (Chong, Forsyth 2020, who draw each subset anew;
// nested subsets take one pass over the rows). This removes the bias due to the number of generated
// rows, not the bias due to the number of reference rows. fit_error ignores that the subsets share
// rows: over draws of Gaussian rows, the standard deviation of the value was 4 to 5 times as large,
// and 1.4 to 2 times that of the plain distance (frechet_jackknife). Takes 15 distances, one per
// lane.
[[nodiscard]] Extrapolation frechet_extrapolated(const GroupedStatistics& generated,
                                                 const Statistics& reference, Workers& workers);

}  // namespace pushforward
