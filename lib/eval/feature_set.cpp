#include "eval/feature_set.hpp"

#include <algorithm>
#include <cmath>

#include "base/error.hpp"
#include "base/stop.hpp"
#include "io/checks.hpp"

namespace pushforward {
namespace {

constexpr std::size_t block_numbers = std::size_t{1} << 20;

std::vector<double> read_finite(const ContainerReader& reader, const std::string& path) {
  std::vector<double> values = reader.read(path).to<double>();
  for (double value : values)
    if (!std::isfinite(value))
      fail_invalid(reader.name() + ": " + path + " holds a number that is not finite");
  return values;
}

FeatureSet read_statistics(const ContainerReader& reader) {
  FeatureSet set;
  set.name = reader.name();
  set.features = reader.text("/", "features").value_or("");
  if (set.features.empty())
    fail_invalid(set.name +
                 ": the attribute features is missing, it should name what was measured");
  const double count = reader.number("/", "count").value_or(0);
  if (!(count >= 2) || count > 9007199254740992.0 || count != std::floor(count))
    fail_invalid(set.name + ": the attribute count should be a whole number of at least 2 rows");
  const Shape mean_shape = reader.info("/mean").shape, shape = reader.info("/scatter").shape;
  if (mean_shape.size() != 1 || mean_shape[0] == 0)
    fail_invalid(set.name + ": /mean has shape " + to_string(mean_shape) + ", it should be [d]");
  const std::size_t d = mean_shape[0];
  if (shape != Shape{d, d})
    fail_invalid(set.name + ": /scatter has shape " + to_string(shape) + ", it should be " +
                 to_string(Shape{d, d}));
  std::vector<double> mean = read_finite(reader, "/mean");
  const std::vector<double> values = read_finite(reader, "/scatter");
  Matrix<double> scatter = Matrix<double>::from_shape({d, d});
  std::copy(values.begin(), values.end(), scatter.data());
  for (std::size_t i = 0; i < d; ++i)
    for (std::size_t j = 0; j <= i; ++j)
      if (scatter(i, j) != scatter(j, i) || scatter(i, i) < 0)
        fail_invalid(set.name + ": /scatter is not a symmetric matrix with a diagonal of squares");
  set.count = static_cast<std::size_t>(count);
  set.dimension = d;
  set.statistics.emplace(set.count, std::move(mean), std::move(scatter));
  set.history = reader.history();
  return set;
}

}  // namespace

FeatureSet read_feature_set(const std::string& location, bool all_rows, bool statistics,
                            Workers& workers) {
  const ContainerReader reader(location);
  const std::string kind = reader.kind();
  if (kind == "stats") return read_statistics(reader);
  if (kind != "tensors")
    fail_invalid(reader.name() + ": a container of kind " + kind +
                 ", it should hold tensors or stats");
  FeatureSet set;
  set.name = reader.name();
  set.features = "identity";
  set.history = reader.history();
  const std::string path = reader.main_dataset();
  const Shape shape = reader.info(path).shape;
  set.count = shape.empty() ? 1 : shape[0];
  set.dimension = 1;
  for (std::size_t k = 1; k < shape.size(); ++k) set.dimension *= shape[k];
  if (set.dimension == 0) fail_invalid(set.name + ": " + path + " has rows without numbers");
  if (set.count < 2)
    fail_invalid(set.name + ": " + path + " has " + std::to_string(set.count) +
                 (set.count == 1 ? " row" : " rows") + ", a distance needs at least 2");
  const std::size_t d = set.dimension;
  set.has_rows = all_rows || (statistics && set.count <= d);
  if (set.has_rows) set.rows = Matrix<double>::from_shape({set.count, d});
  if (statistics) set.statistics.emplace(d);
  const std::size_t block = std::max<std::size_t>(1, block_numbers / d);
  for (std::size_t first = 0; first < set.count; first += block) {
    throw_if_stopped();
    const std::size_t count = std::min(block, set.count - first);
    const Array block_of_rows = reader.read_rows(path, first, count);
    require_finite_rows(block_of_rows, first, set.name, path);
    const std::vector<double> rows = block_of_rows.to<double>();
    if (set.has_rows) std::copy(rows.begin(), rows.end(), &set.rows(first, 0));
    if (statistics) set.statistics->add(rows.data(), count, workers);
  }
  if (statistics && !set.statistics->finite())
    fail_invalid(set.name + ": " + path + ": the covariance overflows, the numbers are too large");
  return set;
}

void write_statistics(ContainerWriter* writer, const FeatureSet& set) {
  const std::size_t d = set.dimension;
  writer->set_text("/", "features", set.features);
  writer->set_integer("/", "count", static_cast<std::int64_t>(set.count));
  writer->write("/mean", Array::of(set.statistics->mean(), {d}));
  writer->write("/scatter", Array::of(set.statistics->scatter().data(), {d, d}));
}

}  // namespace pushforward
