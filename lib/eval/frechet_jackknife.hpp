// The standard error of a Frechet distance, by leaving out groups of rows.
#pragma once

#include "eval/grouped_statistics.hpp"

namespace pushforward {

// Groups for the jackknife: row i is in group i mod `groups`.
[[nodiscard]] GroupedStatistics jackknife_groups(std::size_t dimension, std::size_t groups);

// The standard error of frechet_distance over draws of the rows, by the delete-a-group jackknife
// (Efron 1982; Kott 2001), the sets drawn independently:
//   variance = sum over both sets of (G - 1) / G sum_g (F_g - mean F)^2,
// F_g the distance with group g of one set left out. It needs the groups' statistics alone, so sets
// may stream, and takes 2 G distances, a lane each. The relative error of what it gives is about
// 1 / sqrt(2 (G - 1)); 20 groups do.
//
// It says how far another draw of as many rows would move the distance. It does not see the bias:
// the distance of few rows is too large by about a constant over their number, each F_g slightly
// more so, and all alike (frechet_extrapolated is for that). Rows that are not independent - frames
// of a video, augmented copies - make it too small.
//
// Every set has 2 groups or more, none of them empty, and 3 rows or more.
[[nodiscard]] double frechet_jackknife(const GroupedStatistics& a, const GroupedStatistics& b,
                                       Workers& workers);

// The same where b is taken for known: a reference of which there are only statistics.
[[nodiscard]] double frechet_jackknife(const GroupedStatistics& a, const Statistics& b,
                                       Workers& workers);

}  // namespace pushforward
