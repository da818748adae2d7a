// The few large steps of a denoising diffusion GAN (Xiao, Kreis, Vahdat 2022) in closed form.
#pragma once

#include <vector>

namespace pushforward {

// Step k of T, from x_{k-1} to x_k, of standardised rows x_0. With z standard normal noise
//   x_k = signal x_0 + noise z = keep x_{k-1} + fresh z,
// and given x_k and x_0 the row x_{k-1} is normal (Ho et al. 2020, equation 7):
//   x_{k-1} = from_clean x_0 + from_noisy x_k + deviation z.
struct DdganStep {
  double signal_before, noise_before;  // of x_{k-1}; 1 and 0 for k = 1
  double signal, noise;
  double keep, fresh;
  double from_clean, from_noisy, deviation;  // 1, 0 and 0 for k = 1
  [[nodiscard]] double sigma() const { return noise / signal; }
};

// The steps k = 1, ..., T of variance preserving noise (Song et al. 2021) between the times
// t_k = 0.001 + 0.999 k/T, with signal^2 = exp(-(B(t_k) - B(t_0))) and B(t) = beta_min t +
// 1/2 (beta_max - beta_min) t^2. x_0 is the data itself; the authors' code leaves noise of
// deviation 1e-4 on it.
[[nodiscard]] std::vector<DdganStep> ddgan_steps(int steps, double beta_min, double beta_max);

}  // namespace pushforward
