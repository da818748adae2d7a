#include "eval/evaluation.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "eval/mmd.hpp"
#include "eval/sliced_wasserstein.hpp"

namespace pushforward {
namespace {

void check_pair(const FeatureSet& generated, const FeatureSet& reference,
                const EvaluationSettings& settings) {
  if (generated.features != reference.features)
    fail_invalid(generated.name + ": has features " + generated.features + " and " +
                 reference.name + " has " + reference.features + ", they should be the same");
  if (generated.dimension != reference.dimension)
    fail_invalid(generated.name + ": rows have " + std::to_string(generated.dimension) +
                 " numbers and those of " + reference.name + " have " +
                 std::to_string(reference.dimension) + ", they should have as many");
  for (const FeatureSet* set : {&generated, &reference})
    if (settings.needs_rows() && !set->has_rows)
      fail_invalid(set->name +
                   ": holds statistics alone, which do for --metrics frechet; mmd and "
                   "sliced-wasserstein need rows");
}

void warn_of_few_rows(const FeatureSet& set, std::vector<std::string>* warnings) {
  if (set.count > set.dimension) return;
  warnings->push_back(set.name + ": the covariance of " + std::to_string(set.count) + " rows in " +
                      std::to_string(set.dimension) +
                      " dimensions is rank-deficient, which makes the Frechet distance too large; "
                      "more rows would be right");
}

void add_mmd(const FeatureSet& generated, const FeatureSet& reference,
             const EvaluationSettings& settings, Workers& workers, Evaluation* result) {
  const Matrix<double> x = random_subset(generated.rows, settings.subset_size, settings.seed, 1);
  const Matrix<double> y = random_subset(reference.rows, settings.subset_size, settings.seed, 2);
  std::vector<double> bandwidths = settings.bandwidths;
  double median = 0;
  if (bandwidths.empty()) {
    median = median_distance(y);
    if (!(median > 0))
      fail_invalid(reference.name +
                   ": all rows are equal, which leaves mmd without a scale; give --bandwidths");
    bandwidths = bandwidths_around(median);
  }
  result->values.emplace_back("mmd", mmd_squared(x, y, bandwidths, workers));
  result->values.emplace_back("mmd_n_generated", static_cast<double>(x.shape(0)));
  result->values.emplace_back("mmd_n_reference", static_cast<double>(y.shape(0)));
  if (median > 0) result->values.emplace_back("mmd_bandwidth", median);
}

}  // namespace

const std::vector<std::string>& metric_names() {
  static const std::vector<std::string> names = {"frechet", "mmd", "sliced-wasserstein"};
  return names;
}

bool EvaluationSettings::wants(const std::string& metric) const {
  return std::find(metrics.begin(), metrics.end(), metric) != metrics.end();
}

bool EvaluationSettings::needs_rows() const { return wants("mmd") || wants("sliced-wasserstein"); }

Evaluation evaluate_pair(const FeatureSet& generated, const FeatureSet& reference,
                         const EvaluationSettings& settings, Workers& workers) {
  check_pair(generated, reference, settings);
  Evaluation result;
  result.values.emplace_back("n_generated", static_cast<double>(generated.count));
  result.values.emplace_back("n_reference", static_cast<double>(reference.count));
  result.values.emplace_back("dimension", static_cast<double>(generated.dimension));
  if (settings.wants("frechet")) {
    warn_of_few_rows(generated, &result.warnings);
    warn_of_few_rows(reference, &result.warnings);
    result.values.emplace_back("frechet",
                               frechet_distance(generated.frechet_set(), reference.frechet_set()));
  }
  if (settings.wants("mmd")) add_mmd(generated, reference, settings, workers, &result);
  if (settings.wants("sliced-wasserstein"))
    result.values.emplace_back(
        "sliced-wasserstein",
        sliced_wasserstein(
            generated.rows, reference.rows,
            random_directions(settings.projections, generated.dimension, settings.seed), workers));
  return result;
}

}  // namespace pushforward
