// The inception score (Salimans et al. 2016), of the generated rows alone.
#include "eval/inception_score.hpp"

#include "eval/metric.hpp"

namespace pushforward {
namespace {

void gather(const OpenPair& pair, Gathering* generated, Gathering*) {
  generated->splits = static_cast<std::size_t>(pair.settings.splits);
}

void compute(const GatheredPair& pair, Evaluation* result) {
  const InceptionScoreResult score = pair.generated.score->result();
  result->add("is", score.mean);
  result->add("is_deviation", score.deviation);
}

}  // namespace

namespace metrics {
Metric inception_score() {
  return {{"is"}, Metric::Needs::logits, Metric::Default::never, {"splits"}, nullptr, gather,
          compute};
}
}  // namespace metrics

}  // namespace pushforward
