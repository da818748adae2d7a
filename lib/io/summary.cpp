#include "io/summary.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "base/moments.hpp"

namespace pushforward {
namespace {

constexpr std::size_t block_bytes = std::size_t{1} << 20;

void add_block(const Array& block, Summary* summary, Moments* moments) {
  std::vector<long double> values = block.to<long double>();
  const std::size_t all = values.size();
  values.erase(std::remove_if(values.begin(), values.end(),
                              [](long double value) { return !std::isfinite(value); }),
               values.end());
  summary->nonfinite += all - values.size();
  if (values.empty()) return;
  const auto [low, high] = std::minmax_element(values.begin(), values.end());
  summary->min = std::min(summary->min, *low);
  summary->max = std::max(summary->max, *high);
  moments->add(values);
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
  Moments moments;
  if (dataset.shape.empty()) {
    add_block(reader.read(dataset.path), &summary, &moments);
  } else if (product(dataset.shape) > 0) {  // a dataset may have 2^62 empty rows
    const std::size_t rows = dataset.shape[0], step = block_rows(dataset);
    for (std::size_t first = 0; first < rows; first += step)
      add_block(reader.read_rows(dataset.path, first, std::min(step, rows - first)), &summary,
                &moments);
  }
  if (moments.count() == 0) return {0, summary.nonfinite, nan, nan, nan, nan};
  summary.finite = moments.count();
  summary.mean = moments.mean();
  summary.deviation = moments.deviation(moments.count());
  return summary;
}

}  // namespace pushforward
