#include <cmath>

#include "base/error.hpp"
#include "io/export.hpp"
#include "io/export_sink.hpp"
#include "io/picture_grid.hpp"
#include "io/picture_layout.hpp"
#include "io/picture_range.hpp"

namespace pushforward {
namespace {

std::size_t square_side(std::size_t area) {
  const auto side = static_cast<std::size_t>(std::llround(std::sqrt(static_cast<double>(area))));
  return side * side == area ? side : 0;
}

// Pictures per row: the states of a chain, or one.
std::size_t pictures_of(const Shape& shape) { return shape.size() == 5 ? shape[1] : 1; }

ImageShape tile_of(const DatasetInfo& info, const std::string& name) {
  Shape row(info.shape.begin() + 1, info.shape.end());
  if (row.size() == 4) row.erase(row.begin());
  if (row.size() == 1) {
    const std::size_t numbers = row[0], grey = square_side(numbers);
    const std::size_t colour = numbers % 3 == 0 ? square_side(numbers / 3) : 0;
    if (grey > 0)
      row = {grey, grey};
    else if (colour > 0)
      row = {3, colour, colour};
  }
  if ((row.size() == 3 && (row[0] == 1 || row[0] == 3)) || row.size() == 2)
    return drawn_image_shape(row, name + ": " + info.path);
  fail_invalid(name + ": " + info.path + " has shape " + to_string(info.shape) +
               "; pictures are [N, C, H, W] with 1 or 3 channels, [N, H, W], [N, D] with D the "
               "area of a square, or the states of chains, [N, S, C, H, W]");
}

}  // namespace

void export_png(const ContainerReader& reader, const RowRange& rows, const GridOptions& options,
                const std::string& output) {
  const DatasetInfo info = reader.info(reader.main_dataset());
  const ImageShape tile = tile_of(info, reader.name());
  const std::size_t end = rows.end_of(info.shape[0], reader.name());
  const std::size_t states = pictures_of(info.shape), count = (end - rows.first) * states;
  const std::size_t columns = options.columns > 0 || states == 1 ? options.columns : states;
  check_picture_grid(count, tile, columns, reader.name() + ": " + info.path);
  const std::vector<double> values =
      reader.read_rows(info.path, rows.first, end - rows.first).to<double>();
  const std::vector<std::byte> png = picture_grid(
      values, count, tile, columns, options.range.value_or(picture_range(info.type, values)));
  ExportSink sink(output);
  sink.write(png.data(), png.size());
  sink.commit();
}

}  // namespace pushforward
