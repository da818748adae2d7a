#include "eval/statistics.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "base/linear_algebra.hpp"

namespace pushforward {
namespace {

constexpr std::size_t tile = 256;  // columns of the scatter that one lane adds to

}  // namespace

Statistics::Statistics(std::size_t dimension)
    : mean_(dimension, 0.0), scatter_({dimension, dimension}, 0.0) {}

Statistics::Statistics(std::uint64_t count, std::vector<double> mean, Matrix<double> scatter)
    : count_(count), mean_(std::move(mean)), scatter_(std::move(scatter)) {
  if (scatter_.shape(0) != mean_.size() || scatter_.shape(1) != mean_.size())
    throw std::invalid_argument("Statistics: shapes do not fit");
}

void Statistics::add(const double* rows, std::size_t count, Workers& workers) {
  if (count == 0) return;
  const std::size_t d = dimension();
  std::vector<double> block_mean(d, 0.0), centred(count * d);
  for (std::size_t r = 0; r < count; ++r)
    for (std::size_t j = 0; j < d; ++j) block_mean[j] += rows[r * d + j];
  for (double& m : block_mean) m /= static_cast<double>(count);
  // A second pass takes away the rounding of the first: the block's rows then sum to 0 nearly
  // exactly, which the update below presumes.
  std::vector<double> rest(d, 0.0);
  for (std::size_t r = 0; r < count; ++r)
    for (std::size_t j = 0; j < d; ++j) rest[j] += rows[r * d + j] - block_mean[j];
  for (std::size_t j = 0; j < d; ++j) block_mean[j] += rest[j] / static_cast<double>(count);
  for (std::size_t r = 0; r < count; ++r)
    for (std::size_t j = 0; j < d; ++j) centred[r * d + j] = rows[r * d + j] - block_mean[j];

  const double old_count = static_cast<double>(count_), new_count = static_cast<double>(count);
  const double all = old_count + new_count;
  std::vector<double> delta(d);
  for (std::size_t j = 0; j < d; ++j) delta[j] = count_ == 0 ? 0.0 : block_mean[j] - mean_[j];
  add_scatter(centred.data(), count, delta, old_count * new_count / all, workers);
  for (std::size_t j = 0; j < d; ++j)
    mean_[j] = count_ == 0 ? block_mean[j] : mean_[j] + delta[j] * (new_count / all);
  count_ += count;
}

void Statistics::add_scatter(const double* centred, std::size_t count,
                             const std::vector<double>& delta, double weight, Workers& workers) {
  const std::size_t d = dimension(), tiles = (d + tile - 1) / tile;
  workers.run(tiles * (tiles + 1) / 2, [&](std::size_t lane, int) {
    std::size_t across = 0, first = lane;  // the lane-th pair (down, across), down <= across
    while (first > across) first -= ++across;
    const std::size_t row = first * tile, column = across * tile;
    const std::size_t rows = std::min(tile, d - row), columns = std::min(tile, d - column);
    multiply(Transposed::yes, Transposed::no, rows, columns, count, centred + row, d,
             centred + column, d, 1, &scatter_(row, column), d);
    for (std::size_t i = row; i < row + rows; ++i)
      for (std::size_t j = std::max(i, column); j < column + columns; ++j) {
        scatter_(i, j) += weight * delta[i] * delta[j];
        scatter_(j, i) = scatter_(i, j);
      }
  });
}

void Statistics::merge(const Statistics& other) {
  if (other.dimension() != dimension())
    throw std::invalid_argument("Statistics::merge: dimensions differ");
  if (other.count_ == 0) return;
  const double a = static_cast<double>(count_), b = static_cast<double>(other.count_);
  const std::size_t d = dimension();
  std::vector<double> delta(d);
  for (std::size_t j = 0; j < d; ++j) delta[j] = other.mean_[j] - mean_[j];
  for (std::size_t i = 0; i < d; ++i)
    for (std::size_t j = 0; j < d; ++j)
      scatter_(i, j) += other.scatter_(i, j) + a * b / (a + b) * delta[i] * delta[j];
  for (std::size_t j = 0; j < d; ++j)
    mean_[j] = count_ == 0 ? other.mean_[j] : mean_[j] + delta[j] * (b / (a + b));
  count_ += other.count_;
}

double Statistics::total_variance() const {
  double trace = 0;
  for (std::size_t j = 0; j < dimension(); ++j) trace += scatter_(j, j);
  return trace / static_cast<double>(count_ - 1);
}

bool Statistics::finite() const {
  const auto good = [](double v) { return std::isfinite(v); };
  return std::all_of(mean_.begin(), mean_.end(), good) &&
         std::all_of(scatter_.data(), scatter_.data() + scatter_.size(), good);
}

}  // namespace pushforward
