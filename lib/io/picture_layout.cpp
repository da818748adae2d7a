#include "io/picture_layout.hpp"

#include <optional>

#include "base/error.hpp"

namespace pushforward {
namespace {

constexpr std::size_t max_numbers = 100000000;

}  // namespace

ImageShape image_shape(const Shape& row_shape, const std::string& where) {
  const std::size_t rank = row_shape.size();
  if (rank != 2 && rank != 3)
    fail_invalid(where + ": rows of shape " + to_string(row_shape) +
                 " are not pictures, [C, H, W] or [H, W]");
  const std::optional<std::size_t> numbers = checked_product(row_shape, 1);
  if (numbers == std::size_t{0})
    fail_invalid(where + ": rows of shape " + to_string(row_shape) +
                 " are pictures without pixels");
  if (numbers.value_or(max_numbers + 1) > max_numbers)
    fail_invalid(where + ": rows of shape " + to_string(row_shape) +
                 " are pictures of more than 10^8 numbers");
  return {rank == 3 ? static_cast<int>(row_shape[0]) : 1, static_cast<int>(row_shape[rank - 2]),
          static_cast<int>(row_shape[rank - 1])};
}

ImageShape drawn_image_shape(const Shape& row_shape, const std::string& where) {
  const ImageShape shape = image_shape(row_shape, where);
  if (shape.channels != 1 && shape.channels != 3)
    fail_invalid(where + ": pictures of " + std::to_string(shape.channels) +
                 " channels cannot be drawn, only those of 1 or 3");
  return shape;
}

bool looks_channels_last(const Shape& row_shape) {
  if (row_shape.size() != 3) return false;
  const std::size_t a = row_shape[0], b = row_shape[1], last = row_shape[2];
  if (a == 1 || a == 3 || a == last) return false;
  if (last != 1 && last != 3 && last != 4) return false;
  return a == b || (last > 1 && a >= 8 && b >= 8);
}

void require_channels_first(const Shape& row_shape, const std::string& where) {
  if (looks_channels_last(row_shape))
    fail_invalid(where + ": rows of shape " + to_string(row_shape) +
                 " look like [H, W, C] and would be taken as " + std::to_string(row_shape[0]) +
                 " channels; tensor-import --channels-last makes them [C, H, W]");
}

}  // namespace pushforward
