#include "eval/statistics.hpp"

#include <algorithm>
#include <array>
#include <stdexcept>
#include <utility>
#include <xtensor/xadapt.hpp>
#include <xtensor/xbuilder.hpp>
#include <xtensor/xmath.hpp>
#include <xtensor/xview.hpp>

#include "base/linear_algebra.hpp"

namespace pushforward {
namespace {

constexpr std::size_t tile = 256;  // a lane computes one tile x tile block of the scatter
constexpr auto immediate = xt::evaluation_strategy::immediate;

}  // namespace

Statistics::Statistics(std::size_t dimension)
    : mean_({dimension}, 0.0), scatter_({dimension, dimension}, 0.0) {}

Statistics::Statistics(std::uint64_t count, Vector<double> mean, Matrix<double> scatter)
    : count_(count), mean_(std::move(mean)), scatter_(std::move(scatter)) {
  if (scatter_.shape(0) != mean_.size() || scatter_.shape(1) != mean_.size())
    throw std::invalid_argument("Statistics: shapes do not fit");
}

void Statistics::add(const double* rows, std::size_t count, Workers& workers) {
  if (count == 0) return;
  const std::array<std::size_t, 2> shape = {count, dimension()};
  const auto x = xt::adapt(rows, count * dimension(), xt::no_ownership(), shape);
  Vector<double> block_mean = xt::mean(x, {0}, immediate);
  // A second pass corrects the rounding of the first: the update below assumes that the centred
  // rows sum to 0.
  const Vector<double> rest = xt::mean(x - block_mean, {0}, immediate);
  block_mean += rest;
  const Matrix<double> centred = x - block_mean;

  const double old_count = static_cast<double>(count_), new_count = static_cast<double>(count);
  const double all = old_count + new_count;
  Vector<double> delta({dimension()}, 0.0);
  if (count_ > 0) delta = block_mean - mean_;
  add_scatter(centred, delta, old_count * new_count / all, workers);
  if (count_ > 0)
    mean_ += delta * (new_count / all);
  else
    mean_ = block_mean;
  count_ += count;
}

void Statistics::add_scatter(const Matrix<double>& centred, const Vector<double>& delta,
                             double weight, Workers& workers) {
  const std::size_t count = centred.shape(0), d = dimension(), tiles = (d + tile - 1) / tile;
  workers.run(tiles * (tiles + 1) / 2, [&](std::size_t lane, int) {
    std::size_t across = 0, first = lane;  // the lane-th pair (down, across), down <= across
    while (first > across) first -= ++across;
    const std::size_t row = first * tile, column = across * tile;
    const std::size_t rows = std::min(tile, d - row), columns = std::min(tile, d - column);
    multiply(Transposed::yes, Transposed::no, rows, columns, count, &centred(0, row), d,
             &centred(0, column), d, 1, &scatter_(row, column), d);
    for (std::size_t i = row; i < row + rows; ++i)
      for (std::size_t j = std::max(i, column); j < column + columns; ++j) {
        scatter_(i, j) += weight * delta(i) * delta(j);
        scatter_(j, i) = scatter_(i, j);
      }
  });
}

void Statistics::merge(const Statistics& other) {
  if (other.dimension() != dimension())
    throw std::invalid_argument("Statistics::merge: dimensions differ");
  if (other.count_ == 0) return;
  const double a = static_cast<double>(count_), b = static_cast<double>(other.count_);
  const Vector<double> delta = other.mean_ - mean_;
  scatter_ += other.scatter_ + a * b / (a + b) * xt::view(delta, xt::all(), xt::newaxis()) * delta;
  if (count_ > 0)
    mean_ += delta * (b / (a + b));
  else
    mean_ = other.mean_;
  count_ += other.count_;
}

double Statistics::total_variance() const {
  return xt::sum(xt::diagonal(scatter_))() / static_cast<double>(count_ - 1);
}

bool Statistics::finite() const {
  return xt::all(xt::isfinite(mean_)) && xt::all(xt::isfinite(scatter_));
}

}  // namespace pushforward
