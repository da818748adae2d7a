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
[[nodiscard]] std::vector<std::string> metric_names();
// The fields of EvaluationSettings that some metrics look at and others do not, in the order of the
// alphabet.
[[nodiscard]] std::vector<std::string> metric_settings();
// The metrics that look at a field of EvaluationSettings.
[[nodiscard]] std::vector<std::string> metrics_with(const std::string& field);

struct EvaluationSettings {
  std::vector<std::string> metrics;
  int subset_size = 0;             // rows of a subset; 0: each metric's own default
  int subsets = 100;               // of kid
  int neighbours = 3;              // of precision, recall, density and coverage
  int splits = 10;                 // of is
  std::vector<double> bandwidths;  // of mmd; empty: five around the reference's median distance
  std::int64_t projections = 500;  // of sliced-wasserstein
  int jackknife = 0;               // groups for the standard error of frechet; 0: none
  bool extrapolate = false;        // frechet for infinitely many generated rows
  std::uint64_t seed = 0;

  [[nodiscard]] bool wants(const std::string& metric) const;
  // Whether a metric is among them that needs the logits of classes.
  [[nodiscard]] bool wants_logits() const;
};

// The metrics of these sets where none were chosen. If one of them is statistics: those that
// statistics are enough for.
[[nodiscard]] std::vector<std::string> fitting_metrics(const OpenSet& generated,
                                                       const OpenSet& reference);

// Error(invalid) if the sets do not fit each other or lack what a metric needs: names the files.
void require_fitting(const OpenSet& generated, const OpenSet& reference,
                     const EvaluationSettings& settings);

// What the metrics need of each of the two sets, which passed require_fitting().
[[nodiscard]] std::pair<Gathering, Gathering> gatherings_for(const OpenSet& generated,
                                                             const OpenSet& reference,
                                                             const EvaluationSettings& settings);

struct Evaluation {
  std::vector<std::pair<std::string, double>> values;  // "frechet", "mmd", "mmd_n_generated", ...
  std::vector<std::string> warnings;

  void add(const std::string& name, double value) { values.emplace_back(name, value); }
};

// The sets hold what gatherings_for() said.
[[nodiscard]] Evaluation evaluate_pair(const FeatureSet& generated, const FeatureSet& reference,
                                       const EvaluationSettings& settings, Workers& workers);

}  // namespace pushforward
