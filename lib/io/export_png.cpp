#include <algorithm>
#include <cmath>

#include "base/error.hpp"
#include "io/export.hpp"
#include "io/export_sink.hpp"
#include "io/picture_range.hpp"
#include "io/png.hpp"

namespace pushforward {
namespace {

constexpr std::size_t gap = 2;
constexpr std::size_t max_pixels = 100000000;

struct Tile {
  std::size_t channels, height, width;
};

std::size_t square_side(std::size_t area) {
  const auto side = static_cast<std::size_t>(std::llround(std::sqrt(static_cast<double>(area))));
  return side * side == area ? side : 0;
}

Tile tile_of(const DatasetInfo& info, const std::string& name) {
  const Shape& shape = info.shape;
  if (shape.size() == 4 && (shape[1] == 1 || shape[1] == 3)) return {shape[1], shape[2], shape[3]};
  if (shape.size() == 3) return {1, shape[1], shape[2]};
  if (shape.size() == 2) {
    if (const std::size_t side = square_side(shape[1])) return {1, side, side};
    if (const std::size_t side = shape[1] % 3 == 0 ? square_side(shape[1] / 3) : 0)
      return {3, side, side};
  }
  fail_invalid(name + ": " + info.path + " has shape " + to_string(shape) +
               "; pictures are [N, C, H, W] with 1 or 3 channels, [N, H, W], or [N, D] with D the "
               "area of a square");
}

}  // namespace

void export_png(const ContainerReader& reader, const RowRange& rows, const GridOptions& options,
                const std::string& output) {
  const DatasetInfo info = reader.info(reader.main_dataset());
  const Tile tile = tile_of(info, reader.name());
  const std::size_t end = rows.end_of(info.shape[0], reader.name());
  const std::size_t count = end - rows.first;
  const std::size_t columns = std::min(
      count, options.columns > 0
                 ? options.columns
                 : static_cast<std::size_t>(std::ceil(std::sqrt(static_cast<double>(count)))));
  const std::size_t lines = (count + columns - 1) / columns;
  const auto extent = [](std::size_t tiles, std::size_t size) {
    return checked_product({tiles, size + gap}, 1).value_or(max_pixels * gap) - gap;
  };
  const std::size_t width = extent(columns, tile.width), height = extent(lines, tile.height);
  if (tile.width == 0 || tile.height == 0)
    fail_invalid(reader.name() + ": " + info.path + " holds pictures without pixels");
  if (width > max_pixels || height > max_pixels / width)
    fail_invalid(reader.name() + ": " + std::to_string(count) +
                 " pictures make more than 10^8 pixels, choose some with --rows");
  const std::vector<double> values = reader.read_rows(info.path, rows.first, count).to<double>();
  const auto [black, white] = options.range.value_or(picture_range(info.type, values));
  const double scale = white > black ? 255 / (white - black) : 0;
  std::vector<std::uint8_t> pixels(width * height * tile.channels, 0);
  const std::size_t area = tile.height * tile.width;
  for (std::size_t i = 0; i < count; ++i)
    for (std::size_t c = 0; c < tile.channels; ++c)
      for (std::size_t p = 0; p < area; ++p) {
        const double level = (values[(i * tile.channels + c) * area + p] - black) * scale;
        const std::size_t y = i / columns * (tile.height + gap) + p / tile.width;
        const std::size_t x = i % columns * (tile.width + gap) + p % tile.width;
        // NaN fails both comparisons of the clamp and would not be a number to round.
        pixels[(y * width + x) * tile.channels + c] =
            static_cast<std::uint8_t>(level >= 0 ? std::lround(std::min(level, 255.0)) : 0);
      }
  const std::vector<std::byte> png =
      encode_png(pixels.data(), static_cast<int>(width), static_cast<int>(height),
                 static_cast<int>(tile.channels));
  ExportSink sink(output);
  sink.write(png.data(), png.size());
  sink.commit();
}

}  // namespace pushforward
