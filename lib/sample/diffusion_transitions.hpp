// The transitions of samplers that run a process backwards, level by level, from the prior to the
// data.
//
// They are written in x^ = x_t / a(t), in which every process is variance exploding and all of
// these are of the form a x^ + b s(x^, sigma) + c z (score/process.hpp); what a method's authors
// state for x_t = a x^ is carried over exactly. From a point of the grid to the next sigma falls to
// sigma' and the scale a rises to a'; v = sigma^2 - sigma'^2 and beta = 1 - (a / a')^2.
#pragma once

#include <vector>

#include "sample/transitions.hpp"
#include "score/step_variance.hpp"

namespace pushforward {

// `count` points, falling from last_time() to first_time(): even in time (a count of 1 is the last
// time); for edm over edm_grid with this rho.
[[nodiscard]] std::vector<LevelPoint> time_points(const Process& process, int count, double rho);
// For ddpm `count` of its T steps from the last to the first, as even as whole numbers allow, count
// <= T; time_points() otherwise.
[[nodiscard]] std::vector<LevelPoint> step_points(const Process& process, int count, double rho);
// Ends a grid with the clean data.
[[nodiscard]] std::vector<LevelPoint> then_clean(std::vector<LevelPoint> points);

// Euler and Maruyama for the reverse SDE of Song et al. (2021), their equation 6: with h the step
// in time, x_t' = x_t - h (f x_t - g^2 s) + g sqrt(h) z. As many steps as points, less one.
[[nodiscard]] Transitions euler_maruyama_transitions(const Process& process,
                                                     const std::vector<LevelPoint>& points);

// Reverse diffusion sampling (Song et al. 2021, appendix E): the forward chain's own steps
// reversed, x_t' = x_t + v s + sqrt(v) z for ve and edm, (2 - sqrt(1 - beta)) x_t + beta s +
// sqrt(beta) z for vp and ddpm; Euler and Maruyama for subvp, as there. Each followed by
// `corrector_steps` Langevin steps at the level it came to (their algorithms 2 to 5), of
// signal-to-noise ratio `snr`.
[[nodiscard]] Transitions reverse_diffusion_transitions(const Process& process,
                                                        const std::vector<LevelPoint>& points,
                                                        int corrector_steps, double snr);

enum class PosteriorVariance {
  fixed_small,  // that of x_t' given x_t and x_0, v sigma'^2 / sigma^2 in x^
  fixed_large,  // beta of the forward step, v (a / a')^2 in x^; Song et al. (2021) for vp
  learned       // between the two, as the network says (Nichol, Dhariwal 2021)
};

// Ancestral sampling: x^ + v s is the mean of x^' given x^ where x_0 is what the model says (Ho et
// al. 2020, algorithm 2; Song et al. 2021, equations 4 and 47).
[[nodiscard]] Transitions ancestral_transitions(const std::vector<LevelPoint>& points,
                                                PosteriorVariance variance);

// DDIM (Song, Meng, Ermon 2021, equation 12): D + sqrt(sigma'^2 - c^2) e + c z with D the model's
// clean row, e its noise, c = eta sigma' / sigma sqrt(v). eta 0 is deterministic, 1 ancestral with
// the small variance.
[[nodiscard]] Transitions ddim_transitions(const std::vector<LevelPoint>& points, double eta);

// DPM-Solver++(2M) (Lu et al. 2022, algorithm 2): (sigma' / sigma) x^ + (1 - sigma' / sigma) D~
// with D~ = (1 + 1 / 2r) D - 1 / 2r D_old, r = h_old / h in h = ln sigma - ln sigma'; of first
// order in the first step and in the last to sigma' = 0. It carries D_old.
[[nodiscard]] Transitions dpm_solver_transitions(const std::vector<LevelPoint>& points);

}  // namespace pushforward
