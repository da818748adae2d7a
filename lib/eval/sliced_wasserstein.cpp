#include "eval/sliced_wasserstein.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <xtensor/xmath.hpp>
#include <xtensor/xview.hpp>

#include "base/linear_algebra.hpp"
#include "base/random.hpp"
#include "base/stop.hpp"

namespace pushforward {
namespace {

constexpr std::uint32_t projection_step = 3;  // of Stream::evaluation; subsets use 1 and 2

// The projections of all rows on one direction, sorted.
void project(const Matrix<double>& rows, const double* direction, std::vector<double>* out) {
  const std::size_t n = rows.shape(0), d = rows.shape(1);
  out->resize(n);
  multiply(Transposed::no, Transposed::no, n, 1, d, rows.data(), d, direction, 1, 0, out->data(),
           1);
  std::sort(out->begin(), out->end());
}

}  // namespace

double wasserstein_squared(const double* x, std::size_t n, const double* y, std::size_t m) {
  if (n == 0 || m == 0) throw std::invalid_argument("wasserstein_squared: an empty sample");
  // Masses are in units of 1 / (n m): every x has mass m, every y has mass n.
  double sum = 0;
  std::size_t i = 0, j = 0, left_x = m, left_y = n;
  while (i < n && j < m) {
    const std::size_t mass = std::min(left_x, left_y);
    sum += static_cast<double>(mass) * (x[i] - y[j]) * (x[i] - y[j]);
    left_x -= mass;
    left_y -= mass;
    if (left_x == 0) {
      ++i;
      left_x = m;
    }
    if (left_y == 0) {
      ++j;
      left_y = n;
    }
  }
  return sum / static_cast<double>(n) / static_cast<double>(m);
}

Matrix<double> random_directions(std::size_t projections, std::size_t dimension,
                                 std::uint64_t seed) {
  if (dimension == 1) return Matrix<double>({1, 1}, 1.0);
  Matrix<double> directions = Matrix<double>::from_shape({projections, dimension});
  Random(seed, Stream::evaluation)
      .fill_normal(directions.data(), projections, dimension, 0, projection_step);
  const Vector<double> scale =
      1 / xt::sqrt(xt::sum(xt::square(directions), {1}, xt::evaluation_strategy::immediate));
  return directions * xt::view(scale, xt::all(), xt::newaxis());
}

double sliced_wasserstein(const Matrix<double>& x, const Matrix<double>& y,
                          const Matrix<double>& directions, Workers& workers) {
  const std::size_t projections = directions.shape(0);
  if (x.shape(1) != y.shape(1) || directions.shape(1) != x.shape(1) || projections == 0)
    throw std::invalid_argument("sliced_wasserstein: shapes do not fit");
  std::vector<double> squares(projections);
  std::vector<std::vector<double>> sorted_x(static_cast<std::size_t>(workers.count())),
      sorted_y = sorted_x;
  workers.run(projections, [&](std::size_t lane, int worker) {
    throw_if_stopped();
    std::vector<double>& px = sorted_x[static_cast<std::size_t>(worker)];
    std::vector<double>& py = sorted_y[static_cast<std::size_t>(worker)];
    project(x, &directions(lane, 0), &px);
    project(y, &directions(lane, 0), &py);
    squares[lane] = wasserstein_squared(px.data(), px.size(), py.data(), py.size());
  });
  std::vector<double*> parts;
  for (double& square : squares) parts.push_back(&square);
  tree_add(parts.data(), parts.size(), 1);
  return std::sqrt(squares[0] / static_cast<double>(projections));
}

}  // namespace pushforward
