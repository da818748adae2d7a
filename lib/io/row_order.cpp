#include "io/row_order.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "base/error.hpp"
#include "io/names.hpp"
#include "io/summary.hpp"
#include "io/text_field.hpp"

namespace pushforward {
namespace {

// Where the numbers of a key are: column `column` of `columns` of a dataset.
struct Key {
  DatasetInfo info;
  std::size_t column = 0, columns = 1;
};

Key find_key(const ContainerReader& reader, const std::string& key) {
  const DatasetInfo main = reader.info(reader.main_dataset());
  const std::size_t rows = main.shape.empty() ? 0 : main.shape[0];
  if (!key.empty() && key[0] == '/') {
    const DatasetInfo info = reader.info(key);
    if (info.shape.empty() || info.shape[0] != rows || product(info.shape) != rows)
      fail_invalid(reader.name() + ": " + key + " has shape " + to_string(info.shape) +
                   "; one number for each of the " + std::to_string(rows) + " rows is wanted");
    return {info};
  }
  const std::size_t columns = rows == 0 ? 0 : product(main.shape) / rows;
  const std::vector<std::string> names = read_names(reader, main.path, "columns", columns);
  const auto found = std::find(names.begin(), names.end(), key);
  if (found == names.end())
    fail_invalid(reader.name() + ": " + main.path + " has no column " + shown_field(key) +
                 " to sort by; a dataset is named with its slash, as /log_density");
  return {main, static_cast<std::size_t>(found - names.begin()), columns};
}

}  // namespace

std::vector<std::size_t> sorted_rows(const ContainerReader& reader, const std::string& key,
                                     Direction direction) {
  const Key found = find_key(reader, key);
  std::vector<double> numbers;
  const std::size_t count = found.info.shape[0], step = block_rows(found.info);
  for (std::size_t first = 0; first < count; first += step) {
    const std::vector<double> block =
        reader.read_rows(found.info.path, first, std::min(step, count - first)).to<double>();
    for (std::size_t i = found.column; i < block.size(); i += found.columns)
      numbers.push_back(block[i]);
  }
  std::vector<std::size_t> order(count);
  std::iota(order.begin(), order.end(), 0);
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    const double left = numbers[a], right = numbers[b];
    if (std::isnan(left) || std::isnan(right)) return !std::isnan(left) && std::isnan(right);
    return direction == Direction::ascending ? left < right : left > right;
  });
  return order;
}

Array gathered_rows(const ContainerReader& reader, const DatasetInfo& info,
                    const std::vector<std::size_t>& rows) {
  // In the order of the file, so that each chunk is read once.
  std::vector<std::size_t> places(rows.size());
  std::iota(places.begin(), places.end(), 0);
  std::sort(places.begin(), places.end(),
            [&](std::size_t a, std::size_t b) { return rows[a] < rows[b]; });
  Shape shape = info.shape;
  shape[0] = rows.size();
  Array result = Array::make(info.type, std::move(shape));
  const std::size_t size = result.row_size() * element_size(info.type);
  const std::size_t step = block_rows(info);
  Array block;
  std::size_t first = 0, end = 0;
  for (const std::size_t place : places) {
    const std::size_t row = rows[place];
    if (row >= end) {
      first = row / step * step;
      end = std::min(first + step, info.shape[0]);
      block = reader.read_row_block(info, first, end - first);
    }
    std::copy_n(block.bytes.data() + (row - first) * size, size,
                result.bytes.data() + place * size);
  }
  return result;
}

}  // namespace pushforward
