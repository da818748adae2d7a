// Precision and recall (Kynkaanniemi et al. 2019), density and coverage (Naeem et al. 2020).
#include "eval/manifold.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "eval/metrics/pair_rows.hpp"

namespace pushforward {
namespace {

void compute(const GatheredPair& pair, Evaluation* result) {
  const EvaluationSettings& settings = pair.settings;
  const Matrix<double> x = rows_of_pairs(pair.generated, settings, Side::generated);
  const Matrix<double> y = rows_of_pairs(pair.reference, settings, Side::reference);
  const auto k = static_cast<std::size_t>(settings.neighbours);
  const auto require_more_than_k = [&](const FeatureSet& set, const Matrix<double>& rows) {
    if (rows.shape(0) <= k)
      fail_invalid(set.name + ": has too few rows for " + setting("neighbours") + " " +
                   std::to_string(k) + ", more than that are needed");
  };
  require_more_than_k(pair.generated, x);
  require_more_than_k(pair.reference, y);
  const ManifoldMetrics all = manifold_metrics(x, y, k, pair.workers);
  const auto add = [&](const std::string& name, const ManifoldEstimate& estimate) {
    if (!settings.wants(name)) return;
    result->add(name, estimate.value);
    result->add(name + "_stderr", estimate.error);
  };
  add("precision", all.precision);
  add("recall", all.recall);
  add("density", all.density);
  add("coverage", all.coverage);
}

}  // namespace

namespace metrics {
Metric manifold() {
  return {{"precision", "recall", "density", "coverage"},
          Metric::Needs::rows,
          Metric::Default::of_features,
          {"subset_size", "neighbours"},
          nullptr,
          gather_pair_rows,
          compute};
}
}  // namespace metrics

}  // namespace pushforward
