#include "sample/transitions.hpp"

#include <algorithm>
#include <cmath>

namespace pushforward {
std::uint64_t total_steps(const Transitions& transitions) {
  std::uint64_t total = 0;
  for (const Transition& transition : transitions) total += transition.repeats;
  return total;
}

std::uint64_t total_evaluations(const Transitions& transitions) {
  std::uint64_t total = 0;
  for (const Transition& transition : transitions)
    total += transition.repeats * transition.step->evaluations;
  return total;
}

Transition linear_transition(double sigma, double a, double b, double c, std::uint64_t repeats) {
  return {linear_step(a != 1, c != 0), {a, b, c}, sigma, repeats, 1};
}

Transitions ula_transitions(double step_size, std::uint64_t steps, double sigma) {
  return {linear_transition(sigma, 1, step_size, std::sqrt(2 * step_size), steps)};
}

Transitions annealed_transitions(const std::vector<double>& ladder, double step_size,
                                 std::uint64_t steps_a_level, bool denoise) {
  Transitions transitions;
  for (const double sigma : ladder) {
    const double ratio = sigma / ladder.back();
    const double alpha = step_size * ratio * ratio;
    transitions.push_back(linear_transition(sigma, 1, alpha, std::sqrt(2 * alpha), steps_a_level));
  }
  if (denoise) transitions.push_back(denoising_transition(ladder.back()));
  return transitions;
}

std::vector<double> edm_grid(double sigma_min, double sigma_max, int count, double rho) {
  std::vector<double> grid = {sigma_max};
  const double high = std::pow(sigma_max, 1 / rho), low = std::pow(sigma_min, 1 / rho);
  for (int i = 1; i < count; ++i)
    grid.push_back(i == count - 1 ? sigma_min
                                  : std::pow(high + double(i) / (count - 1) * (low - high), rho));
  return grid;
}

Transitions heun_transitions(const std::vector<LevelPoint>& points, const Churn& churn) {
  Transitions transitions;
  const double steps = static_cast<double>(points.size()) - 1;
  for (std::size_t i = 0; i + 1 < points.size(); ++i) {
    const double from = points[i].sigma, to = points[i + 1].sigma;
    const bool churned = from >= churn.low && (churn.high == 0 || from <= churn.high);
    const double gamma = churned ? std::min(churn.amount / steps, std::sqrt(2.0) - 1) : 0;
    const double sigma = from * (1 + gamma);
    const double noise = churn.noise * from * std::sqrt(gamma * (2 + gamma));
    if (to > 0)
      transitions.push_back({heun_step(noise != 0), {to, noise}, sigma});
    else if (noise != 0)
      transitions.push_back({churned_euler_step(), {sigma * sigma, noise}, sigma});
    else
      transitions.push_back(denoising_transition(sigma));
    transitions.back().scale = points[i + 1].scale;
    if (noise != 0) transitions.back().start_sigma = from;
  }
  return transitions;
}

Transition denoising_transition(double sigma) {
  return linear_transition(sigma, 1, sigma * sigma, 0);
}

}  // namespace pushforward
