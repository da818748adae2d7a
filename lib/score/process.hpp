// Forward processes: how data is corrupted with noise, x_t = x_0 + sigma(t) z.
//
// All of this page are variance exploding: drift 0, marginal mean x_0, and what differs is which
// noise levels there are and how often each is seen in training. Levels are in data units.
#pragma once

#include <string>
#include <vector>

#include "graph/expr.hpp"

namespace pushforward {

enum class ProcessKind {
  none,  // one noise level: denoising score matching of Vincent (2011)
  ve,    // a geometric ladder of levels (Song, Ermon 2019); continuous: VE of Song et al. (2021)
  edm    // ln sigma ~ N(p_mean, p_std^2), sigma(t) = t (Karras et al. 2022)
};

[[nodiscard]] const char* process_name(ProcessKind kind);
// Error(invalid) for an unknown name; the message begins with `where`.
[[nodiscard]] ProcessKind process_named(const std::string& name, const std::string& where);

struct Process {
  ProcessKind kind = ProcessKind::ve;
  double sigma = 0;      // none: the level
  double sigma_min = 0;  // ve, edm: the range a sampler covers
  double sigma_max = 0;
  int levels = 0;                     // ve: steps of the ladder
  double p_mean = -1.2, p_std = 1.2;  // edm

  // ve: 0.01 to 1 in 10 levels; edm: 0.002 to 80.
  [[nodiscard]] static Process with_defaults(ProcessKind kind);

  // ve: sigma_max down to sigma_min, each the same factor below the one before (sigma_max alone
  // where levels is 1).
  [[nodiscard]] std::vector<double> ladder() const;

  // Numbers a training row needs to draw its level: standard normal and uniform ones.
  [[nodiscard]] int normal_columns() const { return kind == ProcessKind::edm ? 1 : 0; }
  [[nodiscard]] int uniform_columns() const { return kind == ProcessKind::ve ? 1 : 0; }
  // The level of each row, [n, 1]; the one that is not asked for is an invalid Expr. For none, the
  // constant level, [1, 1]. ve: uniform over the ladder.
  [[nodiscard]] Expr draw_level(Graph& graph, Expr normals, Expr uniforms) const;

  // Standard deviation of x_t given x_0. ve: sigma_min (sigma_max / sigma_min)^t, t in [0, 1];
  // edm: t in [sigma_min, sigma_max].
  [[nodiscard]] double marginal_std(double t) const;
  // g(t) of dx = g(t) dw. ve: sigma(t) sqrt(2 ln(sigma_max / sigma_min)); edm: sqrt(2 t).
  [[nodiscard]] double diffusion(double t) const;

  // Error(invalid) beginning with `where` unless the constants make sense together.
  void check(const std::string& where) const;
};

}  // namespace pushforward
