// What makes one metric of fid-eval another: a row, in a file of its own in eval/metrics. Adding
// one is that file and its name in metrics.cpp.
#pragma once

#include <string>
#include <vector>

#include "eval/evaluation.hpp"

namespace pushforward {

// Two sets that have been opened, and what is asked of them.
struct OpenPair {
  const OpenSet &generated, &reference;
  const EvaluationSettings& settings;
};

// Two sets that have been read.
struct GatheredPair {
  const FeatureSet &generated, &reference;
  const EvaluationSettings& settings;
  Workers& workers;
};

struct Metric {
  // What the sets must have. Statistics do, so that either set may be a file of them; both need
  // rows; or the generated set needs the logits of its classes.
  enum class Needs { statistics, rows, logits };
  // The features of which it is measured where no metrics were chosen: any; the numbers of the rows
  // themselves ("identity"); those that a network computes; none.
  enum class Default { always, of_numbers, of_features, never };

  // The names by which it is chosen and reported: several where one computation gives them all.
  std::vector<std::string> names;
  Needs needs;
  Default by_default;
  // The fields of EvaluationSettings that it looks at.
  std::vector<std::string> settings;
  // Error(invalid), naming the set, if the settings ask for more than the sets have. Null where
  // they cannot.
  void (*check)(const OpenPair& pair);
  // Adds what it needs of each set. Both have what `needs` says.
  void (*gather)(const OpenPair& pair, Gathering* generated, Gathering* reference);
  // Appends its values, and warnings. The sets hold what gather() added.
  void (*compute)(const GatheredPair& pair, Evaluation* result);
};

// In the order in which they are reported.
[[nodiscard]] const std::vector<Metric>& all_metrics();

}  // namespace pushforward
