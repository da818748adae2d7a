// The Frechet distance at infinitely many generated rows.
#pragma once

#include <cstdint>
#include <string>

#include "eval/grouped_statistics.hpp"

namespace pushforward {

// Groups of the n generated rows of `dimension` numbers for frechet_extrapolated: the first group
// is the smallest subset, and each next one what the next larger subset has beyond it. There are 15
// subsets, of sizes equally spaced from max(min(5000, n / 2), dimension + 1) to n, nested, dealt
// out by a random permutation of the row numbers, a function of (n, seed). Fewer rows than
// dimensions leave the line that the extrapolation follows: Error(invalid) if n is below 2
// (dimension + 1) or below 30 (names the set).
[[nodiscard]] GroupedStatistics extrapolation_groups(std::size_t n, std::size_t dimension,
                                                     std::uint64_t seed, const std::string& name);

struct Extrapolation {
  double value = 0;      // of the line at 1 / N = 0; below 0 as often as above where the laws agree
  double fit_error = 0;  // of that, from the distances' scatter about the line
  double slope = 0;      // N times what the distance of N rows is too large by
};

// The intercept of the line of least squares through the distances of the subsets to the reference
// against 1 / N, N their sizes (Chong, Forsyth 2020, who draw the subsets anew each time; nested
// ones take one pass over the rows). It takes away the bias that the generated rows' number makes.
// The reference stays whole, and so does its own bias. The fit's error is the regression's standard
// error of the intercept and does not see that the subsets share their rows: over draws of Gaussian
// rows the value spreads 4 to 5 times as widely, 1.4 to 2 times as the plain distance
// (frechet_jackknife). Takes 15 distances, a lane each.
[[nodiscard]] Extrapolation frechet_extrapolated(const GroupedStatistics& generated,
                                                 const Statistics& reference, Workers& workers);

}  // namespace pushforward
