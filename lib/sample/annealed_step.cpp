#include "sample/annealed_step.hpp"

#include <boost/math/tools/minima.hpp>
#include <cmath>

namespace pushforward {

double annealed_step_size(double ratio, double lowest, int steps) {
  // In u = eps / L^2, within (0, 1]: b is 2 / (2 - u), and what is left of the level before falls
  // as u grows. A coarse search first, as the distance from 1 has more than one valley.
  const auto distance = [&](double log_u) {
    const double u = std::exp(log_u), b = 2 / (2 - u);
    return std::abs(std::pow(1 - u, 2 * steps) * (ratio * ratio - b) + b - 1);
  };
  constexpr int cells = 400;
  constexpr double lowest_log = -16;
  double best = lowest_log;
  for (int i = 1; i <= cells; ++i) {
    const double at = lowest_log * (1 - double(i) / cells);
    if (distance(at) < distance(best)) best = at;
  }
  const double cell = -lowest_log / cells;
  const auto found =
      boost::math::tools::brent_find_minima(distance, best - cell, std::fmin(best + cell, 0.0), 40);
  return std::exp(found.first) * lowest * lowest;
}

}  // namespace pushforward
