#include "score/automatic_ladder.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <vector>

namespace pushforward {
namespace {

const double max_ratio = std::pow(100.0, 1 / 9.0);

double normal_probability(double x) { return 0.5 * std::erfc(-x / std::sqrt(2.0)); }

}  // namespace

double largest_distance(const TrainingRows& rows, const std::vector<double>& unit) {
  // Rows are sorted by distance from the mean, farthest first. The distance of a pair is at most
  // the sum of theirs, so most pairs can be skipped.
  const std::size_t count = rows.count(), dimension = unit.size();
  const auto element = [&](std::size_t row, std::size_t column) {
    return static_cast<double>(rows.values[row * rows.columns + column]) / unit[column];
  };
  std::vector<double> mean(dimension), reach(count);
  for (std::size_t i = 0; i < count; ++i)
    for (std::size_t j = 0; j < dimension; ++j)
      mean[j] += element(i, j) / static_cast<double>(count);
  for (std::size_t i = 0; i < count; ++i) {
    for (std::size_t j = 0; j < dimension; ++j)
      reach[i] += (element(i, j) - mean[j]) * (element(i, j) - mean[j]);
    reach[i] = std::sqrt(reach[i]);
  }
  std::vector<std::size_t> order(count);
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(),
            [&](std::size_t a, std::size_t b) { return reach[a] > reach[b]; });
  double largest = 0;
  for (std::size_t a = 0; a < count; ++a) {
    if (2 * reach[order[a]] <= largest) break;
    for (std::size_t b = a + 1; b < count; ++b) {
      if (reach[order[a]] + reach[order[b]] <= largest) break;
      double square = 0;
      for (std::size_t j = 0; j < dimension; ++j) {
        const double d = element(order[a], j) - element(order[b], j);
        square += d * d;
      }
      largest = std::max(largest, std::sqrt(square));
    }
  }
  return largest;
}

double ladder_ratio(std::size_t dimension) {
  const double root = std::sqrt(2 * static_cast<double>(dimension));
  const auto shared = [&](double ratio) {
    return normal_probability(root * (ratio - 1) + 3 * ratio) -
           normal_probability(root * (ratio - 1) - 3 * ratio);
  };
  if (shared(max_ratio) >= 0.5) return max_ratio;
  double low = 1, high = max_ratio;
  for (int i = 0; i < 60; ++i) {
    const double middle = 0.5 * (low + high);
    (shared(middle) >= 0.5 ? low : high) = middle;
  }
  return low;
}

int ladder_levels(double sigma_min, double sigma_max, double ratio) {
  const double steps = std::ceil(std::log(sigma_max / sigma_min) / std::log(ratio) - 1e-9);
  return 1 + std::max(1, static_cast<int>(steps));
}

}  // namespace pushforward
