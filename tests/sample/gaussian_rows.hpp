// Normal rows, chains on them, and the eigenvectors (1, 1) and (1, -1) of two equal columns.
#pragma once

#include <cmath>
#include <vector>

#include "base/random.hpp"
#include "sample/sampler.hpp"

namespace pushforward {

template <class T>
std::vector<T> normal_rows(std::size_t count, std::size_t columns, double scale = 1) {
  std::vector<T> rows(count * columns);
  Random(11, Stream::init).fill_normal(rows.data(), count, columns, 0);
  for (T& v : rows) v *= static_cast<T>(scale);
  return rows;
}

// The coordinate of a row along (1, 1), axis 0, or (1, -1).
inline double along(const double* row, int axis) {
  return (row[0] + (axis == 0 ? row[1] : -row[1])) / std::sqrt(2.0);
}

// Mean of squares along an axis.
inline double variance(const std::vector<double>& rows, int axis) {
  double sum = 0;
  for (std::size_t r = 0; r < rows.size(); r += 2) {
    const double v = along(rows.data() + r, axis);
    sum += v * v;
  }
  return sum / static_cast<double>(rows.size() / 2);
}

// The ends of chains from these starts.
template <class T>
std::vector<T> run_transitions(const ChainTarget& target, const Transitions& transitions,
                               const std::vector<T>& start, int threads = 2,
                               const AuxiliaryState& auxiliary = {}) {
  const std::size_t count = start.size() / static_cast<std::size_t>(target.dimension);
  Workers workers(threads);
  Sampler<T> sampler(target, transitions, sampler_lane_rows(target, count), &workers, auxiliary);
  ChainOptions options;
  options.method = "test";
  options.rows = {total_steps(transitions), 1, 1};
  std::vector<T> rows(start.size());
  sampler.run(0, count, start.data(), options, rows.data(), nullptr);
  return rows;
}

// The grid of Karras et al. (2022), rho = 7, for exactly `steps` steps; with `denoise` the last one
// is to the clean row.
inline std::vector<LevelPoint> edm_points(double sigma_min, double sigma_max, int steps,
                                          bool denoise) {
  std::vector<LevelPoint> points;
  for (const double sigma : edm_grid(sigma_min, sigma_max, denoise ? steps : steps + 1, 7))
    points.push_back({sigma, sigma, 1});
  if (denoise) points.push_back(clean_point);
  return points;
}

}  // namespace pushforward
