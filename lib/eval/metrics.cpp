// The list of metrics. Each is defined in eval/metrics, in the file of its name.
#include "eval/metric.hpp"

namespace pushforward {

namespace metrics {
Metric frechet(), kid(), inception_score(), manifold(), mmd(), sliced_wasserstein();
}  // namespace metrics

const std::vector<Metric>& all_metrics() {
  using namespace metrics;
  static const std::vector<Metric> all = {frechet(),  kid(), inception_score(),
                                          manifold(), mmd(), sliced_wasserstein()};
  return all;
}

}  // namespace pushforward
