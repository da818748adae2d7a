#include "sample/moves.hpp"

#include <algorithm>
#include <cmath>

namespace pushforward {
namespace {

Move langevin(double sigma, double step, double noise, std::uint64_t repeats = 1) {
  return {Move::Kind::langevin, sigma, 0, step, noise, repeats};
}

// Tweedie's formula: the mean of the clean row.
Move denoising(double sigma) { return langevin(sigma, sigma * sigma, 0); }

}  // namespace

std::uint64_t total_steps(const Moves& moves) {
  std::uint64_t total = 0;
  for (const Move& move : moves) total += move.repeats;
  return total;
}

Moves ula_moves(double step_size, std::uint64_t steps, double sigma) {
  return {langevin(sigma, step_size, std::sqrt(2 * step_size), steps)};
}

Moves annealed_moves(const std::vector<double>& ladder, double step_size,
                     std::uint64_t steps_a_level, bool denoise) {
  Moves moves;
  for (const double sigma : ladder) {
    const double ratio = sigma / ladder.back();
    const double alpha = step_size * ratio * ratio;
    moves.push_back(langevin(sigma, alpha, std::sqrt(2 * alpha), steps_a_level));
  }
  if (denoise) moves.push_back(denoising(ladder.back()));
  return moves;
}

std::vector<double> edm_grid(double sigma_min, double sigma_max, int count, double rho) {
  std::vector<double> grid = {sigma_max};
  const double high = std::pow(sigma_max, 1 / rho), low = std::pow(sigma_min, 1 / rho);
  for (int i = 1; i < count; ++i)
    grid.push_back(i == count - 1 ? sigma_min
                                  : std::pow(high + double(i) / (count - 1) * (low - high), rho));
  return grid;
}

Moves heun_moves(double sigma_min, double sigma_max, int steps, double rho, const Churn& churn,
                 bool denoise) {
  std::vector<double> grid = edm_grid(sigma_min, sigma_max, denoise ? steps : steps + 1, rho);
  if (denoise) grid.push_back(0);
  Moves moves;
  for (std::size_t i = 0; i + 1 < grid.size(); ++i) {
    const bool churned = grid[i] >= churn.low && (churn.high == 0 || grid[i] <= churn.high);
    const double gamma = churned ? std::min(churn.amount / steps, std::sqrt(2.0) - 1) : 0;
    const double sigma = grid[i] * (1 + gamma);
    const double noise = churn.noise * grid[i] * std::sqrt(gamma * (2 + gamma));
    if (grid[i + 1] > 0)
      moves.push_back({Move::Kind::heun, sigma, grid[i + 1], 0, noise, 1});
    else
      moves.push_back({Move::Kind::euler, sigma, 0, sigma * sigma, noise, 1});
  }
  return moves;
}

Moves euler_maruyama_moves(const Process& process, int steps, double rho, bool denoise) {
  std::vector<double> times;
  if (process.kind() == ProcessKind::edm) {
    times = edm_grid(process.first_time(), process.last_time(), steps + 1, rho);
  } else {
    for (int i = 0; i <= steps; ++i) times.push_back(1 - double(i) / steps);
  }
  Moves moves;
  for (std::size_t i = 0; i + 1 < times.size(); ++i) {
    const double h = times[i] - times[i + 1], g = process.diffusion(times[i]);
    moves.push_back(langevin(process.sigma(times[i]), g * g * h, g * std::sqrt(h)));
  }
  if (denoise) moves.push_back(denoising(process.sigma(process.first_time())));
  return moves;
}

}  // namespace pushforward
