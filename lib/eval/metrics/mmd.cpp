// The maximum mean discrepancy (Gretton et al. 2012).
#include "eval/mmd.hpp"

#include "base/error.hpp"
#include "eval/metrics/pair_rows.hpp"

namespace pushforward {
namespace {

void compute(const GatheredPair& pair, Evaluation* result) {
  const Matrix<double> x = rows_of_pairs(pair.generated, pair.settings, Side::generated);
  const Matrix<double> y = rows_of_pairs(pair.reference, pair.settings, Side::reference);
  std::vector<double> bandwidths = pair.settings.bandwidths;
  double median = 0;
  if (bandwidths.empty()) {
    median = median_distance(y);
    if (!(median > 0))
      fail_invalid(pair.reference.name +
                   ": all rows are equal, which leaves mmd without a scale; give " +
                   setting("bandwidths"));
    bandwidths = bandwidths_around(median);
  }
  result->add("mmd", mmd_squared(x, y, bandwidths, pair.workers));
  result->add("mmd_n_generated", static_cast<double>(x.shape(0)));
  result->add("mmd_n_reference", static_cast<double>(y.shape(0)));
  if (median > 0) result->add("mmd_bandwidth", median);
}

}  // namespace

namespace metrics {
Metric mmd() {
  return {{"mmd"},
          Metric::Needs::rows,
          Metric::Default::of_numbers,
          {"subset_size", "bandwidths"},
          nullptr,
          gather_pair_rows,
          compute};
}
}  // namespace metrics

}  // namespace pushforward
