#include "sample/known_numbers.hpp"

#include <algorithm>

#include "base/error.hpp"

namespace pushforward {
namespace {

constexpr const char* mask_path = "/mask";

// The numbers of a mask with `dimension` columns.
std::vector<std::uint8_t> read_mask(const ContainerReader& container, const std::string& path,
                                    std::size_t dimension) {
  const std::string where = container.name() + ": " + path;
  const Array array = container.read(path);
  if (array.shape.size() < 2 || array.rows() == 0 || array.row_size() != dimension)
    fail_invalid(where + ": a mask of shape " + to_string(array.shape) + "; it should be [1, " +
                 std::to_string(dimension) + "], one for all rows, or [N, " +
                 std::to_string(dimension) + "], one for each");
  const std::vector<double> numbers = array.to<double>();
  std::vector<std::uint8_t> mask(numbers.size());
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    if (numbers[i] != 0 && numbers[i] != 1)
      fail_invalid(where + " row " + std::to_string(i / dimension) +
                   " holds another number than 0, to be drawn, and 1, known");
    mask[i] = numbers[i] != 0 ? 1 : 0;
  }
  return mask;
}

template <class T>
std::vector<T> repeated(const std::vector<T>& row, std::size_t count) {
  std::vector<T> rows;
  rows.reserve(count * row.size());
  for (std::size_t i = 0; i < count; ++i) rows.insert(rows.end(), row.begin(), row.end());
  return rows;
}

}  // namespace

KnownNumbers::KnownNumbers(const std::string& mask, const std::string& known, std::size_t dimension)
    : dimension_(dimension) {
  ContainerReader container(mask);
  const bool beside = !container.location().dataset_named && container.has(mask_path);
  if (known.empty() && !beside)
    fail_usage(setting("mask") + " " + mask + ": has no dataset " + mask_path +
               " beside its rows, so the known rows are to be named by " + setting("known") +
               " FILE");
  const std::string path = beside ? mask_path : container.main_dataset();
  mask_ = read_mask(container, path, dimension);
  const std::string name = container.name() + ": " + path;
  rows_ = known.empty() ? std::make_unique<RowReader>(std::move(container))
                        : std::make_unique<RowReader>(known);
  rows_->require_columns(dimension, "the model");
  const std::size_t masks = mask_.size() / dimension;
  if (masks > 1 && rows_->rows() > 1 && masks != rows_->rows())
    fail_invalid(name + " has " + std::to_string(masks) + " rows, and there are " +
                 std::to_string(rows_->rows()) + " known ones; one mask serves all");
}

std::optional<std::uint64_t> KnownNumbers::count() const {
  const std::size_t most = std::max(rows_->rows(), mask_.size() / dimension_);
  return most > 1 ? std::optional<std::uint64_t>(most) : std::nullopt;
}

template <class T>
std::vector<T> KnownNumbers::rows(std::uint64_t first, std::size_t count) const {
  if (rows_->rows() == 1) return repeated(rows_->read<T>(0, 1), count);
  return rows_->read<T>(static_cast<std::size_t>(first), count);
}

std::vector<std::uint8_t> KnownNumbers::mask(std::uint64_t first, std::size_t count) const {
  if (mask_.size() == dimension_) return repeated(mask_, count);
  const auto from = mask_.begin() + static_cast<std::ptrdiff_t>(first * dimension_);
  return {from, from + static_cast<std::ptrdiff_t>(count * dimension_)};
}

template std::vector<float> KnownNumbers::rows(std::uint64_t, std::size_t) const;
template std::vector<double> KnownNumbers::rows(std::uint64_t, std::size_t) const;

}  // namespace pushforward
