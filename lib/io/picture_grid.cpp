#include "io/picture_grid.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>

#include "base/error.hpp"
#include "io/array.hpp"
#include "io/png.hpp"

namespace pushforward {
namespace {

constexpr std::size_t gap = 2;
constexpr std::size_t max_pixels = 100000000;

struct Grid {
  std::size_t columns, width, height;  // tiles per line; pixels
};

Grid grid_of(std::size_t count, const ImageShape& shape, std::size_t columns) {
  if (columns == 0)
    columns = static_cast<std::size_t>(std::ceil(std::sqrt(static_cast<double>(count))));
  columns = std::min(count, columns);
  const auto extent = [](std::size_t tiles, int side) {
    const std::size_t each = static_cast<std::size_t>(side) + gap;
    return checked_product({tiles, each}, 1).value_or(max_pixels * gap) - gap;
  };
  return {columns, extent(columns, shape.width),
          extent((count + columns - 1) / columns, shape.height)};
}

}  // namespace

void check_picture_grid(std::size_t count, const ImageShape& shape, std::size_t columns,
                        const std::string& where) {
  const Grid grid = grid_of(count, shape, columns);
  if (grid.width > max_pixels || grid.height > max_pixels / grid.width)
    fail_invalid(where + ": " + std::to_string(count) +
                 " pictures make more than 10^8 pixels, choose some with --rows");
}

std::vector<std::byte> picture_grid(const std::vector<double>& values, std::size_t count,
                                    const ImageShape& shape, std::size_t columns,
                                    const std::pair<double, double>& range) {
  const Grid grid = grid_of(count, shape, columns);
  const std::size_t channels = static_cast<std::size_t>(shape.channels);
  const std::size_t height = static_cast<std::size_t>(shape.height);
  const std::size_t width = static_cast<std::size_t>(shape.width), area = height * width;
  const auto [black, white] = range;
  const double scale = white > black ? 255 / (white - black) : 0;
  std::vector<std::uint8_t> pixels(grid.width * grid.height * channels, 0);
  for (std::size_t i = 0; i < count; ++i)
    for (std::size_t c = 0; c < channels; ++c)
      for (std::size_t p = 0; p < area; ++p) {
        const double level = (values[(i * channels + c) * area + p] - black) * scale;
        const std::size_t y = i / grid.columns * (height + gap) + p / width;
        const std::size_t x = i % grid.columns * (width + gap) + p % width;
        // Written so that NaN, which fails every comparison, becomes 0.
        pixels[(y * grid.width + x) * channels + c] =
            static_cast<std::uint8_t>(level >= 0 ? std::lround(std::min(level, 255.0)) : 0);
      }
  return encode_png(pixels.data(), static_cast<int>(grid.width), static_cast<int>(grid.height),
                    shape.channels);
}

}  // namespace pushforward
