// Every metric of fid-eval on a pair of sets, with what a reader needs to judge it.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "eval/feature_reader.hpp"
#include "eval/feature_set.hpp"

namespace pushforward {

// The metrics there are, in the order in which they are reported: "frechet", "kid", ...
[[nodiscard]] const std::vector<std::string>& metric_names();

struct EvaluationSettings {
  std::vector<std::string> metrics;
  int subset_size = 0;             // rows of a subset; 0: 1000 for kid, 10000 at most for others
  int subsets = 100;               // of kid
  int neighbours = 3;              // of precision, recall, density and coverage
  int splits = 10;                 // of is
  std::vector<double> bandwidths;  // of mmd; empty: five around the reference's median distance
  std::int64_t projections = 500;  // of sliced-wasserstein
  int jackknife_groups = 0;        // for the standard error of frechet; 0: none
  bool extrapolate = false;        // frechet for infinitely many generated rows
  std::uint64_t seed = 0;

  [[nodiscard]] bool wants(const std::string& metric) const;
};

// The metrics of these sets where nobody chose any: frechet alone if one is statistics; frechet,
// mmd and sliced-wasserstein of the numbers themselves; of other features frechet, kid, precision,
// recall, density and coverage. is comes only where it is asked for: it takes logits.
[[nodiscard]] std::vector<std::string> fitting_metrics(const OpenSet& generated,
                                                       const OpenSet& reference);

// Error(invalid) if the sets do not fit each other or lack what a metric needs: names the files.
void require_fitting(const OpenSet& generated, const OpenSet& reference,
                     const EvaluationSettings& settings);

// What the metrics need of each of the two sets.
[[nodiscard]] std::pair<Gathering, Gathering> gatherings_for(const OpenSet& generated,
                                                             const OpenSet& reference,
                                                             const EvaluationSettings& settings);

struct Evaluation {
  std::vector<std::pair<std::string, double>> values;  // "frechet", "mmd", "mmd_n_generated", ...
  std::vector<std::string> warnings;
};

// The sets hold what gatherings_for() said.
[[nodiscard]] Evaluation evaluate_pair(const FeatureSet& generated, const FeatureSet& reference,
                                       const EvaluationSettings& settings, Workers& workers);

}  // namespace pushforward
