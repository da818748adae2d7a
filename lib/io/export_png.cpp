#include <algorithm>
#include <cmath>
#include <functional>

#include "base/error.hpp"
#include "base/stop.hpp"
#include "io/export.hpp"
#include "io/export_sink.hpp"
#include "io/numbered_files.hpp"
#include "io/picture_grid.hpp"
#include "io/picture_layout.hpp"
#include "io/picture_range.hpp"
#include "io/summary.hpp"

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

void write_file(const std::vector<std::byte>& png, const std::string& output) {
  ExportSink sink(output);
  sink.write(png.data(), png.size());
  sink.commit();
}

// Calls `take` with the numbers of rows [first, end), block by block, and with the number of the
// block's first row.
using TakeBlock = std::function<void(std::size_t first, const std::vector<double>& values)>;
void for_each_block(const ContainerReader& reader, const DatasetInfo& info, std::size_t first,
                    std::size_t end, const TakeBlock& take) {
  const std::size_t step = block_rows(info);
  for (std::size_t at = first; at < end; at += step) {
    throw_if_stopped();
    take(at, reader.read_rows(info.path, at, std::min(step, end - at)).to<double>());
  }
}

}  // namespace

void export_png(const ContainerReader& reader, const RowRange& rows, const GridOptions& options,
                const std::string& output) {
  const DatasetInfo info = reader.info(reader.main_dataset());
  const ImageShape tile = tile_of(info, reader.name());
  const std::size_t end = rows.end_of(info.shape[0], reader.name());
  const std::size_t states = pictures_of(info.shape);
  const bool each = NumberedFiles::is_pattern(output);
  const std::size_t count = (each ? 1 : end - rows.first) * states;
  const GridLayout layout = {options.columns > 0 || states == 1 ? options.columns : states,
                             options.scale};
  check_picture_grid(count, tile, layout, reader.name() + ": " + info.path);
  PictureRange guessed(info.type);
  std::vector<double> values;  // of one picture of all rows
  const auto guess = [&](std::size_t, const std::vector<double>& block) {
    guessed.add(block);
    if (!each) values.insert(values.end(), block.begin(), block.end());
  };
  if (!each || !options.range) for_each_block(reader, info, rows.first, end, guess);
  const auto range = options.range.value_or(guessed.black_and_white());
  if (!each) return write_file(picture_grid(values, count, tile, layout, range), output);
  const NumberedFiles files(output);
  const std::size_t numbers = product(info.shape) / info.shape[0];
  const auto write_rows = [&](std::size_t first, const std::vector<double>& block) {
    for (std::size_t row = 0; row < block.size() / numbers; ++row) {
      throw_if_stopped();
      const auto start = block.begin() + static_cast<std::ptrdiff_t>(row * numbers);
      const std::vector<double> own(start, start + static_cast<std::ptrdiff_t>(numbers));
      write_file(picture_grid(own, count, tile, layout, range), files.name(first + row));
    }
  };
  for_each_block(reader, info, rows.first, end, write_rows);
}

}  // namespace pushforward
