#include "io/picture_layout.hpp"

#include "base/error.hpp"

namespace pushforward {

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
