#include "base/row_path.hpp"

#include <algorithm>
#include <cmath>

namespace pushforward {
namespace {

// What the row at a fraction t of the way has of its two ends.
struct Weights {
  double from, to;
};

Weights weights(PathKind kind, const double* from, const double* to, std::size_t columns,
                double t) {
  const Weights line{1 - t, t};
  if (kind == PathKind::linear) return line;
  double squares_from = 0, squares_to = 0, product = 0;
  for (std::size_t j = 0; j < columns; ++j) {
    squares_from += from[j] * from[j];
    squares_to += to[j] * to[j];
    product += from[j] * to[j];
  }
  const double length = std::sqrt(squares_from) * std::sqrt(squares_to);
  if (!(length > 0)) return line;
  const double angle = std::acos(std::clamp(product / length, -1.0, 1.0));
  const double sine = std::sin(angle);
  // A path between opposite ends has no one direction, and rounding would choose it.
  if (sine < 1e-6) return line;
  return {std::sin((1 - t) * angle) / sine, std::sin(t * angle) / sine};
}

}  // namespace

std::vector<double> path_rows(const RowPath& path, const std::vector<double>& points,
                              std::uint64_t first, std::size_t count) {
  const std::size_t columns = points.size() / path.through.size();
  std::vector<double> rows(count * columns);
  for (std::size_t i = 0; i < count; ++i) {
    const std::uint64_t leg = (first + i) / path.steps, step = (first + i) % path.steps;
    const double* from = points.data() + leg * columns;
    double* row = rows.data() + i * columns;
    if (step == 0) {
      std::copy_n(from, columns, row);
      continue;
    }
    const double* to = from + columns;
    const double t = static_cast<double>(step) / static_cast<double>(path.steps);
    const Weights part = weights(path.kind, from, to, columns, t);
    for (std::size_t j = 0; j < columns; ++j) row[j] = part.from * from[j] + part.to * to[j];
  }
  return rows;
}

}  // namespace pushforward
