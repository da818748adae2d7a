// The Frechet distance: FID, of Inception features (Heusel et al. 2017).
#include <algorithm>

#include "base/error.hpp"
#include "eval/frechet_extrapolated.hpp"
#include "eval/frechet_jackknife.hpp"
#include "eval/metric.hpp"

namespace pushforward {
namespace {

void check(const OpenPair& pair) {
  const auto groups = static_cast<std::size_t>(pair.settings.jackknife);
  if (groups > 0 && !pair.generated.source)
    fail_invalid(pair.generated.name() + ": holds statistics alone; " + setting("jackknife") +
                 " needs rows");
  for (const OpenSet* set : {&pair.generated, &pair.reference})
    if (groups > 0 && set->source && set->source->count < std::max<std::size_t>(groups, 3))
      fail_invalid(set->name() + ": has fewer rows than " + setting("jackknife") + " has groups");
  if (pair.settings.extrapolate && !pair.generated.source)
    fail_invalid(pair.generated.name() + ": holds statistics alone; " + setting("extrapolate") +
                 " needs rows");
}

void gather(const OpenPair& pair, Gathering* generated, Gathering* reference) {
  for (Gathering* gathering : {generated, reference}) {
    gathering->statistics = true;
    gathering->groups = static_cast<std::size_t>(pair.settings.jackknife);
  }
  generated->extrapolation = pair.settings.extrapolate;
}

void warn_of_few_rows(const FeatureSet& set, Evaluation* result) {
  if (!set.count)
    result->warnings.push_back(
        set.name + ": does not say of how many rows it is, on which the distance depends");
  else if (*set.count <= set.dimension)
    result->warnings.push_back(
        set.name + ": the covariance of " + std::to_string(*set.count) + " rows in " +
        std::to_string(set.dimension) +
        " dimensions is rank-deficient, which makes the Frechet distance too large; more rows "
        "would be right");
}

void compute(const GatheredPair& pair, Evaluation* result) {
  const FeatureSet &generated = pair.generated, &reference = pair.reference;
  warn_of_few_rows(generated, result);
  warn_of_few_rows(reference, result);
  result->add("frechet", frechet_distance(generated.frechet_set(), reference.frechet_set()));
  if (generated.jackknife)
    result->add("frechet_stderr",
                reference.jackknife
                    ? frechet_jackknife(*generated.jackknife, *reference.jackknife, pair.workers)
                    : frechet_jackknife(*generated.jackknife, *reference.statistics, pair.workers));
  if (generated.extrapolation) {
    const Extrapolation line =
        frechet_extrapolated(*generated.extrapolation, *reference.statistics, pair.workers);
    result->add("frechet_extrapolated", line.value);
    result->add("frechet_extrapolated_fit_error", line.fit_error);
  }
}

}  // namespace

namespace metrics {
Metric frechet() {
  return {{"frechet"},
          Metric::Needs::statistics,
          Metric::Default::always,
          {"jackknife", "extrapolate"},
          check,
          gather,
          compute};
}
}  // namespace metrics

}  // namespace pushforward
