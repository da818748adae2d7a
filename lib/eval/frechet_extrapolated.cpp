#include "eval/frechet_extrapolated.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <xtensor/xmath.hpp>

#include "base/error.hpp"
#include "base/random.hpp"
#include "base/stop.hpp"
#include "eval/frechet.hpp"

namespace pushforward {
namespace {

constexpr std::size_t subsets = 15;
constexpr std::uint32_t order_step = 5;  // of Stream::evaluation

}  // namespace

GroupedStatistics extrapolation_groups(std::size_t n, std::size_t dimension, std::uint64_t seed,
                                       const std::string& name) {
  const std::size_t least = 2 * std::max(dimension + 1, subsets);
  if (n < least)
    fail_invalid(name + ": " + std::to_string(n) + " rows of " + std::to_string(dimension) +
                 " numbers are too few to extrapolate the Frechet distance from, there should be " +
                 std::to_string(least) + " or more");
  const std::size_t smallest = std::max(std::min<std::size_t>(5000, n / 2), dimension + 1);
  const std::vector<std::uint64_t> order =
      permutation(n, Random(seed, Stream::evaluation), order_step);
  std::vector<std::uint8_t> group_of(n);
  std::size_t begin = 0;
  for (std::size_t k = 0; k < subsets; ++k) {
    const std::size_t end = smallest + (n - smallest) * k / (subsets - 1);
    for (std::size_t place = begin; place < end; ++place)
      group_of[order[place]] = static_cast<std::uint8_t>(k);
    begin = end;
  }
  return GroupedStatistics(dimension, subsets, [groups = std::move(group_of)](std::size_t row) {
    return std::size_t{groups.at(row)};
  });
}

Extrapolation frechet_extrapolated(const GroupedStatistics& generated, const Statistics& reference,
                                   Workers& workers) {
  const std::size_t count = generated.groups();
  if (count < 3) throw std::invalid_argument("frechet_extrapolated: three subsets or more");
  Vector<double> x({count}, 0.0), y = x;
  workers.run(count, [&](std::size_t lane, int) {
    throw_if_stopped();
    const Statistics subset = generated.first(lane + 1);
    x(lane) = 1 / static_cast<double>(subset.count());
    y(lane) = frechet_distance({&subset}, {&reference});
  });
  const double points = static_cast<double>(count);
  const double mean_x = xt::mean(x)(), mean_y = xt::mean(y)();
  const Vector<double> from_mean = x - mean_x;
  const double square = xt::sum(xt::square(from_mean))();
  Extrapolation result;
  result.slope = xt::sum(from_mean * (y - mean_y))() / square;
  result.value = mean_y - result.slope * mean_x;
  const double rest = xt::sum(xt::square(y - result.value - result.slope * x))();
  result.fit_error = std::sqrt(rest / (points - 2) * (1 / points + mean_x * mean_x / square));
  return result;
}

}  // namespace pushforward
