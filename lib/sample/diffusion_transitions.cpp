#include "sample/diffusion_transitions.hpp"

#include <algorithm>
#include <cmath>

namespace pushforward {
namespace {

// p x_t + q s(x_t) + r z for a step from one point to another, in x^ = x_t / a.
Transition carried(const LevelPoint& from, const LevelPoint& to, double p, double q, double r) {
  Transition transition = linear_transition(from.sigma, p * from.scale / to.scale,
                                            q / (from.scale * to.scale), r / to.scale);
  transition.scale = to.scale;
  return transition;
}

Transition linear(const LevelPoint& from, const LevelPoint& to, double b, double c) {
  Transition transition = linear_transition(from.sigma, 1, b, c);
  transition.scale = to.scale;
  return transition;
}

double step_beta(const LevelPoint& from, const LevelPoint& to) {
  const double ratio = from.scale / to.scale;
  return (1 - ratio) * (1 + ratio);
}

Transition euler_maruyama_transition(const Process& process, const LevelPoint& from,
                                     const LevelPoint& to) {
  const double h = from.time - to.time;
  const double f = process.drift(from.time), g = process.diffusion(from.time);
  return carried(from, to, 1 - h * f, h * g * g, g * std::sqrt(h));
}

Transition reverse_diffusion_transition(const Process& process, const LevelPoint& from,
                                        const LevelPoint& to) {
  switch (process.reverse_step()) {
    case ReverseStep::euler_maruyama:
      return euler_maruyama_transition(process, from, to);
    case ReverseStep::preserving: {
      const double beta = step_beta(from, to);
      return carried(from, to, 2 - std::sqrt(1 - beta), beta, std::sqrt(beta));
    }
    case ReverseStep::exploding:
      break;
  }
  const double v = step_variance(from, to).lost;
  return linear(from, to, v, std::sqrt(v));
}

}  // namespace

std::vector<LevelPoint> time_points(const Process& process, int count, double rho) {
  std::vector<LevelPoint> points;
  const double first = process.first_time(), last = process.last_time();
  const std::vector<double> levels =
      process.grid_has_rho() ? edm_grid(first, last, count, rho) : std::vector<double>();
  for (int i = 0; i < count; ++i) {
    const double part = count == 1 ? 0 : double(i) / (count - 1);
    const double t =
        levels.empty() ? last + part * (first - last) : levels[static_cast<std::size_t>(i)];
    points.push_back(process.at(t));
  }
  return points;
}

std::vector<LevelPoint> step_points(const Process& process, int count, double rho) {
  if (process.steps() == 0) return time_points(process, count, rho);
  std::vector<LevelPoint> points;
  const int steps = process.steps();
  for (int i = 0; i < count; ++i) {
    const double k = count == 1 ? steps : std::round(steps - double(i) * (steps - 1) / (count - 1));
    points.push_back(process.at(k / steps));
  }
  return points;
}

std::vector<LevelPoint> then_clean(std::vector<LevelPoint> points) {
  points.push_back(clean_point);
  return points;
}

Transitions euler_maruyama_transitions(const Process& process,
                                       const std::vector<LevelPoint>& points) {
  Transitions transitions;
  for (std::size_t i = 0; i + 1 < points.size(); ++i)
    transitions.push_back(euler_maruyama_transition(process, points[i], points[i + 1]));
  return transitions;
}

Transitions reverse_diffusion_transitions(const Process& process,
                                          const std::vector<LevelPoint>& points,
                                          int corrector_steps, double snr) {
  Transitions transitions;
  for (std::size_t i = 0; i + 1 < points.size(); ++i) {
    const LevelPoint &from = points[i], &to = points[i + 1];
    transitions.push_back(reverse_diffusion_transition(process, from, to));
    if (corrector_steps == 0) continue;
    const bool preserving = process.reverse_step() == ReverseStep::preserving;
    const double alpha = preserving ? 1 - step_beta(from, to) : 1;
    Transition corrector{corrector_step(),
                         {2 * alpha * snr * snr},
                         to.sigma,
                         static_cast<std::uint64_t>(corrector_steps)};
    corrector.scale = to.scale;
    transitions.push_back(std::move(corrector));
  }
  return transitions;
}

Transitions ancestral_transitions(const std::vector<LevelPoint>& points,
                                  PosteriorVariance variance) {
  Transitions transitions;
  for (std::size_t i = 0; i + 1 < points.size(); ++i) {
    const LevelPoint &from = points[i], &to = points[i + 1];
    const StepVariance v = step_variance(from, to);
    if (to.sigma > 0 && variance == PosteriorVariance::learned) {
      transitions.push_back({learned_variance_step(),
                             {v.lost, std::log(v.small), std::log(v.large)},
                             from.sigma,
                             1,
                             to.scale});
      continue;
    }
    const double noise = variance == PosteriorVariance::fixed_large ? v.large : v.small;
    transitions.push_back(linear(from, to, v.lost, to.sigma == 0 ? 0 : std::sqrt(noise)));
  }
  return transitions;
}

Transitions ddim_transitions(const std::vector<LevelPoint>& points, double eta) {
  Transitions transitions;
  for (std::size_t i = 0; i + 1 < points.size(); ++i) {
    const LevelPoint &from = points[i], &to = points[i + 1];
    const double c = eta * to.sigma / from.sigma * std::sqrt(step_variance(from, to).lost);
    const double kept = std::sqrt(std::max(0.0, (to.sigma - c) * (to.sigma + c)));
    // D = x^ + sigma^2 s and e = -sigma s.
    transitions.push_back(linear(from, to, from.sigma * (from.sigma - kept), c));
  }
  return transitions;
}

Transitions dpm_solver_transitions(const std::vector<LevelPoint>& points) {
  Transitions transitions;
  double last_length = 0;
  for (std::size_t i = 0; i + 1 < points.size(); ++i) {
    const LevelPoint &from = points[i], &to = points[i + 1];
    const double kept = to.sigma / from.sigma;
    const double length = to.sigma == 0 ? 0 : -std::log(kept);
    // The first step has none before it to extrapolate from; a process of one level never has.
    const bool second_order = last_length > 0 && to.sigma > 0;
    const double lean = second_order ? 0.5 * length / last_length : 0;  // 1 / 2r
    Transition transition{
        dpm_solver_step(), {kept, (1 - kept) * (1 + lean), -(1 - kept) * lean}, from.sigma, 1};
    transition.scale = to.scale;
    transitions.push_back(std::move(transition));
    last_length = length;
  }
  return transitions;
}

}  // namespace pushforward
