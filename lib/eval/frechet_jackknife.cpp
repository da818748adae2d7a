#include "eval/frechet_jackknife.hpp"

#include <cmath>
#include <stdexcept>
#include <xtensor/xmath.hpp>

#include "base/stop.hpp"
#include "eval/frechet.hpp"

namespace pushforward {
namespace {

double variance_of(const GroupedStatistics& varied, const Statistics& fixed, Workers& workers) {
  std::uint64_t rows = 0;
  bool empty = false;
  for (std::size_t g = 0; g < varied.groups(); ++g) {
    rows += varied.group(g).count();
    empty = empty || varied.group(g).count() == 0;
  }
  if (varied.groups() < 2 || empty || rows < 3)
    throw std::invalid_argument("frechet_jackknife: two groups or more, none of them empty");
  Vector<double> distances({varied.groups()}, 0.0);
  workers.run(varied.groups(), [&](std::size_t lane, int) {
    throw_if_stopped();
    const Statistics others = varied.without(lane);
    distances(lane) = frechet_distance({&others}, {&fixed});
  });
  return xt::variance(distances)() * static_cast<double>(varied.groups() - 1);
}

}  // namespace

GroupedStatistics jackknife_groups(std::size_t dimension, std::size_t groups) {
  return GroupedStatistics(dimension, groups, [groups](std::size_t row) { return row % groups; });
}

double frechet_jackknife(const GroupedStatistics& a, const GroupedStatistics& b, Workers& workers) {
  return std::sqrt(variance_of(a, b.total(), workers) + variance_of(b, a.total(), workers));
}

double frechet_jackknife(const GroupedStatistics& a, const Statistics& b, Workers& workers) {
  return std::sqrt(variance_of(a, b, workers));
}

}  // namespace pushforward
