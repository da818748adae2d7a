// Forward processes: how data is corrupted with noise, x_t = a(t) x_0 + b(t) z.
//
// Everything else in this toolkit works on x_t / a(t) = x_0 + sigma z with the level sigma = b / a.
// In these coordinates every process is variance exploding: they share networks, losses, samplers
// and likelihoods, and differ in which levels there are, how often each is seen in training, how
// time runs through them, and in the prior.
#pragma once

#include <string>
#include <vector>

namespace pushforward {

enum class ProcessKind {
  none,   // one noise level: denoising score matching of Vincent (2011)
  ve,     // a geometric ladder (Song, Ermon 2019), or variance exploding (Song et al. 2021)
  vp,     // variance preserving (Song et al. 2021)
  subvp,  // sub-variance preserving (Song et al. 2021)
  ddpm,   // T discrete steps of variance preserving noise (Ho et al. 2020)
  edm     // ln sigma ~ N(p_mean, p_std^2), sigma(t) = t (Karras et al. 2022)
};

[[nodiscard]] const char* process_name(ProcessKind kind);
// Their names, in the order of the manual.
[[nodiscard]] std::vector<std::string> process_names();
// Error(invalid) for an unknown name; the message begins with `where`.
[[nodiscard]] ProcessKind process_named(const std::string& name, const std::string& where);

enum class BetaSchedule { linear, cosine };

[[nodiscard]] const char* beta_schedule_name(BetaSchedule schedule);
[[nodiscard]] BetaSchedule beta_schedule_named(const std::string& name, const std::string& where);

constexpr int most_levels = 100000;
// Levels beyond these have squares that float32 cannot hold.
constexpr double least_level = 1e-18, most_level = 1e18;

struct ProcessSettings {
  ProcessKind kind = ProcessKind::ve;
  double sigma = 0;      // none: the level, in data units; 0 is the data as they are
  double sigma_min = 0;  // ve, edm: the range of levels, in data units
  double sigma_max = 0;
  int levels = 0;       // ve: rungs of the ladder, 0 for a continuum; ddpm: T
  double beta_min = 0;  // vp, subvp: beta(t) = beta_min + t (beta_max - beta_min);
  double beta_max = 0;  // ddpm, linear: beta of the first step and of the last
  BetaSchedule schedule = BetaSchedule::linear;  // ddpm
  double p_mean = -1.2, p_std = 1.2;             // edm

  // ve: 0.01 to 1 in 10 levels; vp, subvp: beta 0.1 to 20; ddpm: 1000 steps, beta 1e-4 to 0.02;
  // edm: 0.002 to 80.
  [[nodiscard]] static ProcessSettings with_defaults(ProcessKind kind);
  // ve without a ladder, 0.01 to 50 (Song et al. 2021).
  [[nodiscard]] static ProcessSettings continuous_ve();
  // ddpm of T steps: the linear schedule is 1000 / T times that of 1000 steps.
  [[nodiscard]] static ProcessSettings ddpm(int steps, BetaSchedule schedule);
};

// A place on the way: x_t = scale (x_0 + sigma z).
struct LevelPoint {
  double time, sigma, scale;
};
constexpr LevelPoint clean_point = {0, 0, 1};

class Process {
 public:
  // Error(invalid) beginning with `where` unless the settings make sense together.
  explicit Process(
      const ProcessSettings& settings = ProcessSettings::with_defaults(ProcessKind::ve),
      const std::string& where = "process");

  [[nodiscard]] const ProcessSettings& settings() const { return settings_; }
  [[nodiscard]] ProcessKind kind() const { return settings_.kind; }

  // vp, subvp and ddpm end in N(0, 1) whatever the data, so they work on columns of mean 0 and
  // deviation 1; the others add noise to the data as they are.
  [[nodiscard]] bool standardizes() const;

  // The rest is not for none.
  //
  // Time runs from first_time(), where sampling ends, to last_time(), the prior: to 1 from 0 (ve),
  // 1e-3 (vp, subvp) or 1 / T (ddpm, whose step k is at k / T); edm: t is the level.
  [[nodiscard]] double first_time() const;
  [[nodiscard]] double last_time() const;
  // Where training and likelihoods begin: 1e-5 for vp and subvp, first_time() otherwise.
  [[nodiscard]] double least_time() const;

  [[nodiscard]] double scale(double t) const;  // a(t): exp(-B / 2) for vp, subvp and ddpm, else 1
  [[nodiscard]] double sigma(double t) const;  // b / a; ve: sigma_min (sigma_max / sigma_min)^t
  [[nodiscard]] double time_of(double sigma) const;  // the inverse, within [0, last_time()]
  [[nodiscard]] LevelPoint at(double t) const { return {t, sigma(t), scale(t)}; }
  // Of dx = drift x dt + diffusion dw, which has these marginals. ddpm: beta is constant in a step.
  [[nodiscard]] double drift(double t) const;
  [[nodiscard]] double diffusion(double t) const;
  // Deviation of x_t / a(t) under the prior at last_time(): sigma_max for ve and edm, 1 / a for the
  // others.
  [[nodiscard]] double prior_deviation() const;

  // ve: sigma_max down to sigma_min, each the same factor below the one before (sigma_max alone
  // where levels is 1); empty for a continuum.
  [[nodiscard]] std::vector<double> ladder() const;
  // Of a ladder or of ddpm, which of the levels a uniform number in (0, 1) draws: the rung, or the
  // step less one, from 0.
  [[nodiscard]] std::size_t draw_rung(double uniform) const;

  // The level of a training row from a uniform number in (0, 1): uniform over the ladder or the
  // steps; uniform in time from least_time() on; log-normal (edm); the one level of none.
  [[nodiscard]] double draw_sigma(double uniform) const;

 private:
  void make_ladder();
  [[nodiscard]] double beta_integral(double t) const;  // B(t), the integral of beta from 0 to t

  ProcessSettings settings_;
  std::vector<double> step_integrals_;  // ddpm: B at t = k / T, k from 0
  std::vector<double> rungs_;           // the levels of a ladder, or of ddpm's steps from 1
};

}  // namespace pushforward
