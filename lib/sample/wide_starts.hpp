// Where several chains of a density start, so that together they tell whether they mix.
#pragma once

#include <cstdint>

#include "density/density.hpp"
#include "sample/starting_rows.hpp"

namespace pushforward {

// In data units: rows that lie wider apart than those of the density, so that chains begin in all
// of its modes and R-hat sees modes that do not meet (Gelman and Rubin 1992, section 2), but that
// are still likely: their log density is at most 8 + D/2 below the largest seen. They are drawn
// from a normal distribution of twice the density's own deviations where it knows them, else of the
// widest among 1/1024, 1/512, ..., 1024 under which some of 64 rows are likely; it shrinks, where
// it is known to half its width, until it draws a likely row. A chain that has none after 100
// attempts takes the likeliest of them. Every second chain starts opposite to the one before, if
// that is likely, so that both of two equal modes have chains. Row i is a function of (seed, i),
// not of the threads. `density` must outlive the result.
[[nodiscard]] ChosenRows wide_starts(const Density& density, std::uint64_t seed, int threads);

}  // namespace pushforward
