// Forward processes: how data is corrupted with noise, x_t = a(t) x_0 + b(t) z.
//
// Everything else in this toolkit works on x_t / a(t) = x_0 + sigma z with the level sigma = b / a.
// In these coordinates every process is variance exploding. Processes share networks, losses,
// samplers and likelihoods. They differ in their levels, in how often training draws each, in how
// time runs through them, and in the prior. Each is defined in its own file in score/processes.
#pragma once

#include <memory>
#include <string>
#include <vector>

namespace pushforward {

class ProcessForm;
struct ProcessType;

// The names of all processes, in the order of the manual.
[[nodiscard]] std::vector<std::string> process_names();

enum class BetaSchedule { linear, cosine };

[[nodiscard]] const char* beta_schedule_name(BetaSchedule schedule);
[[nodiscard]] BetaSchedule beta_schedule_named(const std::string& name, const std::string& where);

constexpr int max_levels = 100000;
// float32 cannot hold the squares of levels outside this range.
constexpr double min_level = 1e-18, max_level = 1e18;

// The name of a process and all constants; a process uses those that its type lists.
struct ProcessSettings {
  std::string process = "ve";
  double sigma = 0;      // none: the level, in data units; 0: no noise
  double sigma_min = 0;  // ve, edm: the range of levels, in data units
  double sigma_max = 0;
  int levels = 0;       // ve: rungs of the ladder, 0 for a continuum; ddpm: T
  double beta_min = 0;  // vp, subvp: beta(t) = beta_min + t (beta_max - beta_min);
  double beta_max = 0;  // ddpm, linear: beta of the first step and of the last
  BetaSchedule beta_schedule = BetaSchedule::linear;  // ddpm
  double p_mean = -1.2, p_std = 1.2;                  // edm

  // The settings of the papers, with `levels` levels unless it is 0. Error(invalid) for an unknown
  // process.
  [[nodiscard]] static ProcessSettings with_defaults(const std::string& process, int levels = 0);
  // The same without a ladder of levels: ve from 0.01 to 50 (Song et al. 2021). The others have no
  // ladder.
  [[nodiscard]] static ProcessSettings continuous(const std::string& process);
  // ddpm of T steps: the linear schedule is 1000 / T times that of 1000 steps.
  [[nodiscard]] static ProcessSettings ddpm(int steps, BetaSchedule schedule);
};

// Calls visit(name, value, lowest) for every constant in the order of model files. `Settings` is
// ProcessSettings, const or not; a value is a double, an int or a BetaSchedule.
template <class Settings, class Visit>
void each_constant(Settings& s, const Visit& visit) {
  constexpr double any = -1e30;
  visit("sigma", s.sigma, 0.0);
  visit("p_mean", s.p_mean, any);
  visit("p_std", s.p_std, 0.0);
  visit("sigma_min", s.sigma_min, 0.0);
  visit("sigma_max", s.sigma_max, 0.0);
  visit("levels", s.levels, 0.0);
  visit("beta_schedule", s.beta_schedule, 0.0);
  visit("beta_min", s.beta_min, 0.0);
  visit("beta_max", s.beta_max, 0.0);
}

// A point in time: x_t = scale (x_0 + sigma z).
struct LevelPoint {
  double time, sigma, scale;
};
constexpr LevelPoint clean_point = {0, 0, 1};

// How reverse diffusion sampling reverses a step of the process (Song et al. 2021, appendix E).
enum class ReverseStep {
  exploding,       // x + v s + sqrt(v) z
  preserving,      // (2 - sqrt(1 - beta)) x + beta s + sqrt(beta) z
  euler_maruyama,  // has no form of its own
};

class Process {
 public:
  // Error(invalid), beginning with `where`, if the settings are invalid.
  explicit Process(const ProcessSettings& settings = ProcessSettings::with_defaults("ve"),
                   const std::string& where = "process");

  [[nodiscard]] const ProcessSettings& settings() const { return settings_; }
  [[nodiscard]] const std::string& name() const { return settings_.process; }
  // Whether it uses a constant of its settings.
  [[nodiscard]] bool has(const std::string& constant) const;

  // vp, subvp and ddpm end in N(0, 1) whatever the data, so they work on columns of mean 0 and
  // standard deviation 1; the others add noise to the data as it is.
  [[nodiscard]] bool standardizes() const;
  // False for none only, which has one noise level: denoising score matching of Vincent (2011).
  [[nodiscard]] bool has_levels() const;

  // The rest is for processes that have levels.
  //
  // Time runs from first_time(), where sampling ends, to last_time(), the prior: from 0 (ve), 1e-3
  // (vp, subvp) or 1 / T (ddpm, step k at k / T) to 1. For edm, t is the level.
  [[nodiscard]] double first_time() const;
  [[nodiscard]] double last_time() const;
  // The earliest time of training and likelihoods: 1e-5 for vp and subvp, otherwise first_time().
  [[nodiscard]] double min_time() const;
  // ddpm: T; 0 for processes in continuous time.
  [[nodiscard]] int steps() const;

  [[nodiscard]] double scale(double t) const;  // a(t): exp(-B / 2) for vp, subvp and ddpm, else 1
  [[nodiscard]] double sigma(double t) const;  // b / a; ve: sigma_min (sigma_max / sigma_min)^t
  [[nodiscard]] double time_of(double sigma) const;  // the inverse, within [0, last_time()]
  [[nodiscard]] LevelPoint at(double t) const { return {t, sigma(t), scale(t)}; }
  // Of the SDE dx = drift x dt + diffusion dw with these marginals. ddpm: beta is constant during a
  // step.
  [[nodiscard]] double drift(double t) const;
  [[nodiscard]] double diffusion(double t) const;
  // Standard deviation of x_t / a(t) under the prior at last_time(): sigma_max for ve and edm,
  // 1 / a for the others.
  [[nodiscard]] double prior_deviation() const;

  // ve: a geometric sequence of levels from sigma_max down to sigma_min (sigma_max alone if levels
  // is 1); empty for a continuum.
  [[nodiscard]] std::vector<double> ladder() const;
  // For a ladder or ddpm: the index of the level that a uniform number in (0, 1) draws, which is
  // the rung, or k - 1 for step k.
  [[nodiscard]] std::size_t draw_rung(double uniform) const;

  // The level of a training row from a uniform number in (0, 1): uniform over the ladder or steps,
  // or in time from min_time() on; log-normal for edm; the one level of none.
  [[nodiscard]] double draw_sigma(double uniform) const;

  // The default method of langevin-sample for its models.
  [[nodiscard]] const char* sampling_method() const;
  [[nodiscard]] ReverseStep reverse_step() const;
  // Whether ancestral steps have the variance of the forward step, as published for vp, instead of
  // the smallest possible one (Song et al. 2021, equations 4 and 47).
  [[nodiscard]] bool large_step_variance() const;
  // Whether samplers space their times evenly in sigma^(1 / rho), as edm's do, instead of in time.
  [[nodiscard]] bool grid_has_rho() const;

 private:
  ProcessSettings settings_;
  const ProcessType* type_;
  std::shared_ptr<const ProcessForm> form_;
  std::vector<double> rungs_;
};

}  // namespace pushforward
