// The standard error of a Frechet distance, by leaving out groups of rows.
#pragma once

#include "eval/grouped_statistics.hpp"

namespace pushforward {

// Groups for the jackknife: row i is in group i mod `groups`.
[[nodiscard]] GroupedStatistics jackknife_groups(std::size_t dimension, std::size_t groups);

// The standard error of frechet_distance over draws of the rows, by the delete-a-group jackknife
// (Efron 1982; Kott 2001), the sets drawn independently:
//   variance = sum over both sets of (G - 1) / G sum_g (F_g - mean F)^2,
// where F_g is the distance with group g of one set left out. It needs only the statistics of the
// groups, so sets may be streamed. It takes 2 G distances, one per lane. Its own relative error is
// about 1 / sqrt(2 (G - 1)); 20 groups are enough.
//
// It estimates how far another draw of as many rows would move the distance. It does not measure
// the bias of few rows, for which there is frechet_extrapolated. It is too small where rows are not
// independent, such as frames of a video or augmented copies.
//
// Every set has at least 2 groups, none of them empty, and at least 3 rows.
[[nodiscard]] double frechet_jackknife(const GroupedStatistics& a, const GroupedStatistics& b,
                                       Workers& workers);

// The same where b is taken as known without error: a reference given by its statistics alone.
[[nodiscard]] double frechet_jackknife(const GroupedStatistics& a, const Statistics& b,
                                       Workers& workers);

}  // namespace pushforward
