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

Grid grid_of(std::size_t count, const ImageShape& shape, const GridLayout& layout) {
  std::size_t columns = layout.columns;
  if (columns == 0)
    columns = static_cast<std::size_t>(std::ceil(std::sqrt(static_cast<double>(count))));
  columns = std::min(count, columns);
  const auto extent = [&](std::size_t tiles, int side) {
    const std::size_t pixels = static_cast<std::size_t>(side) * layout.scale;
    return checked_product({tiles, pixels + gap}, 1).value_or(max_pixels * gap) - gap;
  };
  return {columns, extent(columns, shape.width),
          extent((count + columns - 1) / columns, shape.height)};
}

}  // namespace

void check_picture_grid(std::size_t count, const ImageShape& shape, const GridLayout& layout,
                        const std::string& where) {
  const Grid grid = grid_of(count, shape, layout);
  if (grid.width > max_pixels || grid.height > max_pixels / grid.width)
    fail_invalid(where + ": " + std::to_string(count) +
                 " pictures make more than 10^8 pixels, choose some with " + setting("rows"));
}

std::vector<std::byte> picture_grid(const std::vector<double>& values, std::size_t count,
                                    const ImageShape& shape, const GridLayout& layout,
                                    const std::pair<double, double>& range) {
  const Grid grid = grid_of(count, shape, layout);
  const std::size_t channels = static_cast<std::size_t>(shape.channels);
  const std::size_t height = static_cast<std::size_t>(shape.height);
  const std::size_t width = static_cast<std::size_t>(shape.width), area = height * width;
  const auto [black, white] = range;
  const double levels = white > black ? 255 / (white - black) : 0;
  const std::size_t scale = layout.scale;
  std::vector<std::uint8_t> pixels(grid.width * grid.height * channels, 0);
  for (std::size_t i = 0; i < count; ++i)
    for (std::size_t c = 0; c < channels; ++c)
      for (std::size_t p = 0; p < area; ++p) {
        const double level = (values[(i * channels + c) * area + p] - black) * levels;
        // Written so that NaN, which fails every comparison, becomes 0.
        const auto pixel =
            static_cast<std::uint8_t>(level >= 0 ? std::lround(std::min(level, 255.0)) : 0);
        const std::size_t top = i / grid.columns * (height * scale + gap) + p / width * scale;
        const std::size_t left = i % grid.columns * (width * scale + gap) + p % width * scale;
        for (std::size_t y = top; y < top + scale; ++y)
          for (std::size_t x = left; x < left + scale; ++x)
            pixels[(y * grid.width + x) * channels + c] = pixel;
      }
  return encode_png(pixels.data(), static_cast<int>(grid.width), static_cast<int>(grid.height),
                    shape.channels);
}

}  // namespace pushforward
