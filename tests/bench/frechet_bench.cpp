#include "frechet_bench.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <vector>

#include "base/random.hpp"
#include "eval/frechet.hpp"

namespace pushforward {
namespace {

constexpr std::size_t dimension = 2048;

// Standard deviations that fall from 1 to 0.01 over the columns, as peers.py has them.
Statistics statistics_of(std::size_t rows, std::uint64_t seed) {
  Matrix<double> x = Matrix<double>::from_shape({rows, dimension});
  Random(seed, Stream::data).fill_normal(x.data(), rows, dimension, 0);
  for (std::size_t i = 0; i < rows; ++i)
    for (std::size_t j = 0; j < dimension; ++j)
      x(i, j) *= std::pow(100.0, -static_cast<double>(j) / static_cast<double>(dimension));
  Workers workers(1);
  Statistics statistics(dimension);
  statistics.add(x.data(), rows, workers);
  return statistics;
}

}  // namespace

double frechet_seconds(std::size_t rows) {
  const Statistics a = statistics_of(rows, 1), b = statistics_of(rows, 2);
  std::vector<double> times;
  for (int i = 0; i < 3; ++i) {
    const auto start = std::chrono::steady_clock::now();
    (void)frechet_distance({&a}, {&b});
    times.push_back(
        std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count());
  }
  std::sort(times.begin(), times.end());
  return times[1];
}

}  // namespace pushforward
