// What fid-eval prints.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "cli/program.hpp"
#include "eval/evaluation.hpp"

namespace pushforward {

using ReportedValues = std::vector<std::pair<std::string, std::string>>;  // names with texts

// The features that were compared, and the metrics.
[[nodiscard]] ReportedValues reported_values(const FeatureSet& generated,
                                             const FeatureSet& reference, const Evaluation& result);

// Of one generated set: a row for each value. Of several: a row for each set, under the name of its
// file, and a column for each value that one of them has.
[[nodiscard]] Report evaluation_report(const std::vector<std::string>& files,
                                       const std::vector<ReportedValues>& values);

}  // namespace pushforward
