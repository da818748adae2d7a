// Paths of rows through the plane, from a trajectory.
#pragma once

#include <string>
#include <vector>

#include "io/rows.hpp"
#include "plot/plane_rows.hpp"

namespace pushforward {

struct Path {
  std::vector<double> x, y;
};

struct Paths {
  std::string name;                  // of the file
  std::string x_title, y_title;      // of the columns; empty if they are neither named nor chosen
  std::vector<double> end_x, end_y;  // of all rows, at the last step
  std::vector<Path> paths;           // of some rows, evenly chosen, at evenly chosen steps
};

// Evenly chosen rows and steps are read if there are more than these. Because long paths hide each
// other, the number of paths is such that all have at most `points` points, but it is at least
// `min_paths`.
struct PathLimits {
  std::size_t min_paths, max_paths, points, points_of_path;  // all at least 2
};

// Reads two columns of a film (plot/film.hpp). Error(invalid) as for films, or if a column does not
// exist.
[[nodiscard]] Paths read_paths(const RowReader& reader, const PlaneColumns& columns,
                               const PathLimits& limits);

}  // namespace pushforward
