// Every metric of fid-eval on a pair of sets, with what a reader needs to judge it.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "eval/feature_set.hpp"

namespace pushforward {

// The metrics there are: "frechet", "mmd", "sliced-wasserstein".
[[nodiscard]] const std::vector<std::string>& metric_names();

struct EvaluationSettings {
  std::vector<std::string> metrics = metric_names();
  std::size_t subset_size = 10000;  // rows of each set at most, for mmd
  std::vector<double> bandwidths;   // of mmd; empty: five around the reference's median distance
  std::size_t projections = 500;    // of sliced-wasserstein
  std::uint64_t seed = 0;

  [[nodiscard]] bool wants(const std::string& metric) const;
  // mmd and sliced-wasserstein take rows, frechet statistics.
  [[nodiscard]] bool needs_rows() const;
};

struct Evaluation {
  std::vector<std::pair<std::string, double>> values;  // "frechet", "mmd", "mmd_n_generated", ...
  std::vector<std::string> warnings;
};

// Error(invalid) if the sets do not fit each other or lack the rows that a metric needs: names the
// files. The sets carry statistics if frechet is wanted, rows if settings.needs_rows().
[[nodiscard]] Evaluation evaluate_pair(const FeatureSet& generated, const FeatureSet& reference,
                                       const EvaluationSettings& settings, Workers& workers);

}  // namespace pushforward
