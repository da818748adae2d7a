// The kernel inception distance (Binkowski, Sutherland, Arbel, Gretton 2018).
#include "eval/kid.hpp"

#include "eval/metric.hpp"

namespace pushforward {
namespace {

constexpr std::size_t default_size = 1000;

KidSubsets subsets_of(const EvaluationSettings& settings, std::size_t generated,
                      std::size_t reference) {
  const std::size_t size =
      settings.subset_size > 0 ? static_cast<std::size_t>(settings.subset_size) : default_size;
  return kid_subsets(generated, reference, static_cast<std::size_t>(settings.subsets), size,
                     settings.seed);
}

void gather(const OpenPair& pair, Gathering* generated, Gathering* reference) {
  const KidSubsets subsets =
      subsets_of(pair.settings, pair.generated.source->count, pair.reference.source->count);
  generated->keep(subsets.generated);
  reference->keep(subsets.reference);
}

void compute(const GatheredPair& pair, Evaluation* result) {
  const FeatureSet &generated = pair.generated, &reference = pair.reference;
  KidSubsets subsets = subsets_of(pair.settings, *generated.count, *reference.count);
  subsets.generated = positions_in(generated.row_numbers, std::move(subsets.generated));
  subsets.reference = positions_in(reference.row_numbers, std::move(subsets.reference));
  const KidEstimate estimate =
      kernel_inception_distance(generated.rows, reference.rows, subsets, pair.workers);
  result->add("kid", estimate.mean);
  if (subsets.generated.size() > 1) {
    result->add("kid_deviation", estimate.deviation);
    result->add("kid_stderr", estimate.error);
  }
  result->add("kid_subset_size", static_cast<double>(subsets.size));
}

}  // namespace

namespace metrics {
Metric kid() {
  return {{"kid"},
          Metric::Needs::rows,
          Metric::Default::of_features,
          {"subset_size", "subsets"},
          nullptr,
          gather,
          compute};
}
}  // namespace metrics

}  // namespace pushforward
