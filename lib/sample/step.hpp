// One update of a chain as a function of its state: what a sampler compiles once and runs often.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <vector>

#include "sample/score_source.hpp"

namespace pushforward {

// n chains side by side.
struct StepInputs {
  std::vector<Expr> state;           // [n, columns] each; the first is x [n, D]
  Expr sigma;                        // [1, 1], the level of the score
  std::vector<Expr> constants;       // [1, 1] each
  Expr normals;                      // [n, D], standard, fresh at every step
  Expr uniforms;                     // [n, 1] in (0, 1), fresh at every step
  Expr more_normals, more_uniforms;  // [n, columns that the step asks for]; invalid for none
};

struct StepFunction {
  std::size_t constants = 0;  // how many
  bool normals = false;       // whether it reads them; what it does not read is not drawn
  bool uniforms = false;
  std::size_t more_normals = 0, more_uniforms = 0;  // further columns of random numbers
  std::uint64_t evaluations = 1;                    // of the score
  // The next state. Each row is a function of the same row of the inputs.
  std::function<std::vector<Expr>(const ScoreSource&, Scope, const StepInputs&)> next;
};

// Compiled once, however many transitions share it.
using Step = std::shared_ptr<const StepFunction>;

// With z the normals. Every one-evaluation method without rejection is the first (ula, annealed,
// Euler and Maruyama, ancestral, ...).
//   a x + b s(x, sigma) + c z; constants a, b, c. `scaled`: a is not 1; `noisy`: c is not 0.
[[nodiscard]] Step linear_step(bool scaled, bool noisy);
//   y + b s(y, sigma) with y = x + c z; constants b, c.
[[nodiscard]] Step churned_euler_step();
//   With y = x + c z and d(y, sigma) = -sigma s(y, sigma), from sigma to sigma_next:
//   y + (sigma_next - sigma) (d(y, sigma) + d(y', sigma_next)) / 2, y' being Euler's step;
//   constants sigma_next, c. `noisy`: c is not 0.
[[nodiscard]] Step heun_step(bool noisy);
//   Langevin's x + e s + sqrt(2 e) z with e = c (mean ||z|| / mean ||s||)^2, carried as the second
//   matrix of the state, [n, 1]; constant c. The means are over the lane, so this is for
//   sample/corrector_pilot.hpp alone.
[[nodiscard]] Step corrector_step();
//   x + v s(x, sigma) + exp(w / 2) z, w from a to b by the source's variance_share(); constants v,
//   a, b.
[[nodiscard]] Step learned_variance_step();
//   a x + b D + c D_old with D = x + sigma^2 s(x, sigma), carried as the next step's D_old;
//   constants a, b, c.
[[nodiscard]] Step dpm_solver_step();

}  // namespace pushforward
