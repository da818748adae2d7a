#include "plot/paths.hpp"

#include <algorithm>

#include "plot/column_names.hpp"
#include "plot/film.hpp"

namespace pushforward {
namespace {

constexpr std::size_t block_numbers = std::size_t{1} << 20;

// From [frames, rows, columns].
void read_frames(const RowReader& reader, const std::vector<std::size_t>& frames,
                 const std::vector<std::size_t>& rows, std::size_t columns, std::size_t x,
                 std::size_t y, Paths* paths) {
  for (const std::size_t frame : frames) {
    const std::vector<double> all = reader.read<double>(frame, 1);
    for (std::size_t i = 0; i < rows.size(); ++i) {
      paths->paths[i].x.push_back(all[rows[i] * columns + x]);
      paths->paths[i].y.push_back(all[rows[i] * columns + y]);
    }
    if (frame != frames.back()) continue;
    for (std::size_t r = 0; r < all.size() / columns; ++r) {
      paths->end_x.push_back(all[r * columns + x]);
      paths->end_y.push_back(all[r * columns + y]);
    }
  }
}

// From [rows, frames, columns].
void read_rows(const RowReader& reader, const std::vector<std::size_t>& frames,
               const std::vector<std::size_t>& rows, std::size_t columns, std::size_t x,
               std::size_t y, Paths* paths) {
  const std::size_t block = std::max<std::size_t>(1, block_numbers / reader.columns());
  std::size_t next = 0;  // index of the next chosen row
  for (std::size_t first = 0; first < reader.rows(); first += block) {
    const std::size_t count = std::min(block, reader.rows() - first);
    const std::vector<double> all = reader.read<double>(first, count);
    for (std::size_t r = 0; r < count; ++r) {
      const double* row = all.data() + r * reader.columns();
      paths->end_x.push_back(row[frames.back() * columns + x]);
      paths->end_y.push_back(row[frames.back() * columns + y]);
      if (next == rows.size() || rows[next] != first + r) continue;
      for (const std::size_t frame : frames) {
        paths->paths[next].x.push_back(row[frame * columns + x]);
        paths->paths[next].y.push_back(row[frame * columns + y]);
      }
      ++next;
    }
  }
}

}  // namespace

Paths read_paths(const RowReader& reader, const PlaneColumns& columns, const PathLimits& limits) {
  const std::size_t axis = axis_of_frames(reader, "trajectory");
  const Shape& shape = reader.info().shape;
  const std::size_t numbers = reader.columns() / shape[1];  // of a row in one frame
  Paths paths;
  paths.name = reader.container().name();
  const std::size_t x = film_column(reader, numbers, columns.x, 0, "x_column");
  const std::size_t y = film_column(reader, numbers, columns.y, 1, "y_column");
  const std::vector<std::size_t> frames = evenly_chosen(shape[axis], limits.points_of_path);
  const std::vector<std::size_t> rows =
      evenly_chosen(shape[1 - axis],
                    std::clamp(limits.points / frames.size(), limits.min_paths, limits.max_paths));
  const std::vector<std::string> names = column_names(reader, numbers);
  if (!names.empty() || columns.chosen()) {
    paths.x_title = column_title(names, x);
    paths.y_title = column_title(names, y);
  }
  paths.paths.resize(rows.size());
  (axis == 0 ? read_frames : read_rows)(reader, frames, rows, numbers, x, y, &paths);
  require_shown(reader, paths.end_x);
  require_shown(reader, paths.end_y);
  for (const Path& path : paths.paths) {
    require_shown(reader, path.x);
    require_shown(reader, path.y);
  }
  return paths;
}

}  // namespace pushforward
