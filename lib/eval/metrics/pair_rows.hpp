// The rows that enter metrics of pairs of rows, whose time grows with the square of their number.
#pragma once

#include "eval/metric.hpp"

namespace pushforward {

// A set's step in Stream::evaluation.
enum class Side : std::uint32_t { generated = 1, reference = 2 };

// All of `count` rows, or a random subset of settings.subset_size, 10000 where that is 0.
[[nodiscard]] RowNumbers pair_rows(const EvaluationSettings& settings, std::size_t count,
                                   Side side);

// Metric::gather of a metric that looks at these rows alone.
void gather_pair_rows(const OpenPair& pair, Gathering* generated, Gathering* reference);

// The rows of a set that was gathered so.
[[nodiscard]] Matrix<double> rows_of_pairs(const FeatureSet& set,
                                           const EvaluationSettings& settings, Side side);

}  // namespace pushforward
