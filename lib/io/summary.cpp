#include "io/summary.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace pushforward {
namespace {

constexpr std::size_t block_bytes = std::size_t{1} << 20;

// Adds a block to the summary: sums within the block about its first number, then the pairwise
// update of Chan, Golub and LeVeque (1979). `squares` is the sum of squared deviations so far.
void add_block(const std::vector<double>& values, Summary* summary, double* squares) {
  double low = summary->min, high = summary->max;
  double shift = 0, sum = 0, sum_of_squares = 0;
  std::uint64_t count = 0;
  for (double value : values) {
    if (!std::isfinite(value)) continue;
    if (count++ == 0) shift = value;
    const double distance = value - shift;
    sum += distance;
    sum_of_squares += distance * distance;
    low = std::min(low, value);
    high = std::max(high, value);
  }
  summary->nonfinite += values.size() - count;
  if (count == 0) return;
  const auto n = static_cast<double>(count);
  const double mean = shift + sum / n;
  const double block_squares = std::max(0.0, sum_of_squares - sum * (sum / n));
  const auto before = static_cast<double>(summary->finite);
  const double total = before + n;
  const double step = mean - summary->mean;
  summary->mean += step * (n / total);
  *squares += block_squares + step * step * (before * n / total);
  summary->finite += count;
  summary->min = low;
  summary->max = high;
}

}  // namespace

std::size_t block_rows(const DatasetInfo& dataset) {
  if (dataset.shape.empty() || dataset.shape[0] == 0) return 1;
  const std::size_t row = product(dataset.shape) / dataset.shape[0] * element_size(dataset.type);
  return std::max<std::size_t>(1, block_bytes / std::max<std::size_t>(row, 1));
}

Summary summarize(const ContainerReader& reader, const DatasetInfo& dataset) {
  constexpr double infinity = std::numeric_limits<double>::infinity();
  constexpr double nan = std::numeric_limits<double>::quiet_NaN();
  Summary summary{0, 0, infinity, -infinity, 0, 0};
  double squares = 0;
  if (dataset.shape.empty()) {
    add_block(reader.read(dataset.path).to<double>(), &summary, &squares);
  } else if (product(dataset.shape) > 0) {  // 2^62 rows may hold nothing
    const std::size_t rows = dataset.shape[0], step = block_rows(dataset);
    for (std::size_t first = 0; first < rows; first += step)
      add_block(reader.read_rows(dataset.path, first, std::min(step, rows - first)).to<double>(),
                &summary, &squares);
  }
  if (summary.finite == 0) return {0, summary.nonfinite, nan, nan, nan, nan};
  summary.deviation = std::sqrt(squares / static_cast<double>(summary.finite));
  return summary;
}

}  // namespace pushforward
