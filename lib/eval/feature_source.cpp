#include "eval/feature_source.hpp"

#include <algorithm>
#include <memory>
#include <utility>

#include "base/error.hpp"
#include "io/checks.hpp"
#include "io/rows.hpp"

namespace pushforward {
namespace {

constexpr std::size_t block_numbers = std::size_t{1} << 20;

}  // namespace

void require_two_rows(const std::string& name, const std::string& what, std::size_t count) {
  if (count < 2)
    fail_invalid(name + ": " + what + " " + std::to_string(count) +
                 (count == 1 ? " row" : " rows") + ", a distance needs at least 2");
}

FeatureSource identity_features(ContainerReader reader) {
  const auto container = std::make_shared<ContainerReader>(std::move(reader));
  FeatureSource source;
  source.name = container->name();
  source.history = container->history();
  const std::string path = container->main_dataset();
  source.description = read_description(*container, path);
  if (source.description.name.empty()) source.description.name = "identity";
  const Shape shape = container->info(path).shape;
  source.count = shape.empty() ? 1 : shape[0];
  source.dimension = 1;
  for (std::size_t k = 1; k < shape.size(); ++k) source.dimension *= shape[k];
  if (!shape.empty()) source.row_shape.assign(shape.begin() + 1, shape.end());
  warn_of_column_major(*container, path);
  if (source.dimension == 0) fail_invalid(source.name + ": " + path + " has rows without numbers");
  require_two_rows(source.name, path + " has", source.count);
  source.block = std::max<std::size_t>(1, block_numbers / source.dimension);
  source.read = [container, path](std::size_t first, std::size_t count) {
    const Array rows = container->read_rows(path, first, count);
    require_finite_rows(rows, first, container->name(), path);
    return FeatureBlock{rows.to<double>(), {}};
  };
  return source;
}

FeatureSource part_of(FeatureSource source, const Shard& shard) {
  const auto [first, end] = shard.range(source.count);
  source.count = static_cast<std::size_t>(end - first);
  source.read = [all = std::move(source.read), skipped = static_cast<std::size_t>(first)](
                    std::size_t from, std::size_t count) { return all(skipped + from, count); };
  return source;
}

}  // namespace pushforward
