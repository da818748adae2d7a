#include "eval/manifold.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>
#include <xtensor/xadapt.hpp>
#include <xtensor/xmath.hpp>

#include "base/stop.hpp"
#include "eval/distance_bounds.hpp"

namespace pushforward {
namespace {

constexpr std::size_t block_rows = 256, block_columns = 1024;

// The k smallest squared distances from each row, ascending.
class Nearest {
 public:
  Nearest(std::size_t rows, std::size_t k)
      : k_(k), distances_(rows * k, std::numeric_limits<double>::infinity()) {}

  // The k-th smallest distance so far.
  [[nodiscard]] double limit(std::size_t row) const { return distances_[row * k_ + k_ - 1]; }

  void add(std::size_t row, double distance) {
    double* own = &distances_[row * k_];
    if (!(distance < own[k_ - 1])) return;
    std::size_t at = k_ - 1;
    for (; at > 0 && own[at - 1] > distance; --at) own[at] = own[at - 1];
    own[at] = distance;
  }

  void add(std::size_t row, const Nearest& other) {
    for (std::size_t i = 0; i < k_; ++i) add(row, other.distances_[row * k_ + i]);
  }

 private:
  std::size_t k_;
  std::vector<double> distances_;
};

// Calls visit(i, j, product, worker) for all rows i of x and j of y, or for i < j if the two are
// one set. A lane is a block of rows i.
template <class Visit>
void for_pairs(const DistanceBounds& bounds, std::size_t n, std::size_t m, bool one_set,
               Workers& workers, const Visit& visit) {
  std::vector<DistanceBounds::Scratch> scratch(static_cast<std::size_t>(workers.count()));
  workers.run((n + block_rows - 1) / block_rows, [&](std::size_t lane, int worker) {
    const std::size_t first = lane * block_rows, rows = std::min(block_rows, n - first);
    for (std::size_t column = one_set ? first : 0; column < m; column += block_columns) {
      throw_if_stopped();
      const std::size_t columns = std::min(block_columns, m - column);
      const double* products =
          bounds.products(first, rows, column, columns, &scratch[static_cast<std::size_t>(worker)]);
      for (std::size_t i = first; i < first + rows; ++i) {
        const double* row = products + (i - first) * columns;
        for (std::size_t j = one_set ? std::max(i + 1, column) : column; j < column + columns; ++j)
          visit(i, j, row[j - column], static_cast<std::size_t>(worker));
      }
    }
  });
}

// The squared distance of each row to its k-th nearest neighbour in the set.
std::vector<double> squared_radii(const BoundedRows& set, const Vector<double>& origin,
                                  std::size_t k, Workers& workers) {
  const std::size_t n = set.norms.size();
  const DistanceBounds bounds(set, set, origin);
  // One per worker: the k smallest of all do not depend on who found them.
  std::vector<Nearest> nearest(static_cast<std::size_t>(workers.count()), Nearest(n, k));
  for_pairs(bounds, n, n, true, workers,
            [&](std::size_t i, std::size_t j, double product, std::size_t worker) {
              Nearest& own = nearest[worker];
              if (bounds.at_least(i, j, product) >= std::max(own.limit(i), own.limit(j))) return;
              const double distance = bounds.exactly(i, j);
              own.add(i, distance);
              own.add(j, distance);
            });
  std::vector<double> radii(n);
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t worker = 1; worker < nearest.size(); ++worker)
      nearest[0].add(i, nearest[worker]);
    radii[i] = nearest[0].limit(i);
  }
  return radii;
}

using Flags = std::vector<unsigned char>;

// How the two sets lie in each other's balls.
struct Counts {
  std::vector<std::size_t> balls;  // reference balls around each generated row
  Flags recalled;                  // reference rows in a generated ball
  Flags covered;                   // reference balls around a generated row
};

Counts count_balls(const BoundedRows& generated, const BoundedRows& reference,
                   const Vector<double>& origin, std::size_t k, Workers& workers) {
  const std::vector<double> radii = squared_radii(generated, origin, k, workers);
  const std::vector<double> others = squared_radii(reference, origin, k, workers);
  const std::size_t n = radii.size(), m = others.size();
  const DistanceBounds bounds(generated, reference, origin);
  Counts counts{std::vector<std::size_t>(n, 0), {}, {}};
  std::vector<Flags> recalled(static_cast<std::size_t>(workers.count()), Flags(m, 0));
  std::vector<Flags> covered = recalled;
  for_pairs(bounds, n, m, false, workers,
            [&](std::size_t i, std::size_t j, double product, std::size_t worker) {
              const double near = std::min(radii[i], others[j]),
                           far = std::max(radii[i], others[j]);
              const double least = bounds.at_least(i, j, product);
              if (least > far) return;
              double distance = bounds.at_most(i, j, product);
              // The bounds are enough if both lie between the radii, or below them.
              if (distance > near && !(least > near && distance <= far))
                distance = bounds.exactly(i, j);
              if (distance <= others[j]) {
                ++counts.balls[i];
                covered[worker][j] = 1;
              }
              if (distance <= radii[i]) recalled[worker][j] = 1;
            });
  for (std::size_t worker = 1; worker < recalled.size(); ++worker)
    for (std::size_t j = 0; j < m; ++j) {
      recalled[0][j] |= recalled[worker][j];
      covered[0][j] |= covered[worker][j];
    }
  counts.recalled = std::move(recalled[0]);
  counts.covered = std::move(covered[0]);
  return counts;
}

ManifoldEstimate fraction(std::size_t part, std::size_t rows) {
  const double n = static_cast<double>(rows), p = static_cast<double>(part) / n;
  return {p, std::sqrt(p * (1 - p) / n)};
}

ManifoldEstimate fraction(const Flags& flags) {
  return fraction(static_cast<std::size_t>(std::count(flags.begin(), flags.end(), 1)),
                  flags.size());
}

}  // namespace

ManifoldMetrics manifold_metrics(const Matrix<double>& generated, const Matrix<double>& reference,
                                 std::size_t neighbours, Workers& workers) {
  const std::size_t n = generated.shape(0), m = reference.shape(0), d = reference.shape(1);
  if (generated.shape(1) != d || d == 0 || neighbours == 0 || n <= neighbours || m <= neighbours)
    throw std::invalid_argument("manifold_metrics: sets of more rows than neighbours");
  const Vector<double> origin = xt::mean(reference, {0}, xt::evaluation_strategy::immediate);
  const BoundedRows x(generated, origin), y(reference, origin);
  const Counts counts = count_balls(x, y, origin, neighbours, workers);

  ManifoldMetrics result;
  const auto in_a_ball = std::count_if(counts.balls.begin(), counts.balls.end(),
                                       [](std::size_t balls) { return balls > 0; });
  result.precision = fraction(static_cast<std::size_t>(in_a_ball), n);
  result.recall = fraction(counts.recalled);
  result.coverage = fraction(counts.covered);
  const double rows = static_cast<double>(n), k = static_cast<double>(neighbours);
  const Vector<double> balls = xt::adapt(counts.balls);
  const double mean = xt::mean(balls)();
  const double squares = xt::sum(xt::square((balls - mean) / k))();
  result.density = {mean / k, std::sqrt(squares / (rows - 1) / rows)};
  return result;
}

}  // namespace pushforward
