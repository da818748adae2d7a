// The sliced Wasserstein distance (Bonneel, Rabin, Peyre, Pfister 2015).
#include "eval/sliced_wasserstein.hpp"

#include "eval/metric.hpp"

namespace pushforward {
namespace {

void gather(const OpenPair&, Gathering* generated, Gathering* reference) {
  generated->all_rows = reference->all_rows = true;
}

void compute(const GatheredPair& pair, Evaluation* result) {
  const Matrix<double> directions =
      random_directions(static_cast<std::size_t>(pair.settings.projections),
                        pair.generated.dimension, pair.settings.seed);
  result->add("sliced-wasserstein", sliced_wasserstein(pair.generated.rows, pair.reference.rows,
                                                       directions, pair.workers));
}

}  // namespace

namespace metrics {
Metric sliced_wasserstein() {
  return {{"sliced-wasserstein"},
          Metric::Needs::rows,
          Metric::Default::of_numbers,
          {"projections"},
          nullptr,
          gather,
          compute};
}
}  // namespace metrics

}  // namespace pushforward
