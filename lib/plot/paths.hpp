// The ways of rows through the plane, from a trajectory.
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
  std::vector<double> end_x, end_y;  // of all rows, at the last step
  std::vector<Path> paths;           // of some rows, evenly chosen, at evenly chosen steps
};

// Of more rows and steps than these, evenly chosen ones are read. Long paths hide each other, so
// there are as many as keep the points below `points`, but no fewer than `least_paths`.
struct PathLimits {
  std::size_t least_paths, most_paths, points, points_of_path;  // all at least 2
};

// What a film is read from (plot/film.hpp), two columns of it. Error(invalid) as for films, or if
// there is no such column.
[[nodiscard]] Paths read_paths(const RowReader& reader, const PlaneColumns& columns,
                               const PathLimits& limits);

}  // namespace pushforward
