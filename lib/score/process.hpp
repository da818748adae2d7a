// Forward processes: how data is corrupted with noise, x_t = a(t) x_0 + b(t) z.
//
// Everything else in this toolkit works on x_t / a(t) = x_0 + sigma z with the level sigma = b / a.
// In these coordinates every process is variance exploding: they share networks, losses, samplers
// and likelihoods, and differ in which levels there are, how often each is seen in training, how
// time runs through them, and in the prior. What is particular to one stands in its file in
// score/processes.
#pragma once

#include <memory>
#include <string>
#include <vector>

namespace pushforward {

class ProcessForm;
struct ProcessType;

// Their names, in the order of the manual.
[[nodiscard]] std::vector<std::string> process_names();

enum class BetaSchedule { linear, cosine };

[[nodiscard]] const char* beta_schedule_name(BetaSchedule schedule);
[[nodiscard]] BetaSchedule beta_schedule_named(const std::string& name, const std::string& where);

constexpr int most_levels = 100000;
// Levels beyond these have squares that float32 cannot hold.
constexpr double least_level = 1e-18, most_level = 1e18;

// A process and its constants, of which it looks at those that its type names.
struct ProcessSettings {
  std::string process = "ve";
  double sigma = 0;      // none: the level, in data units; 0 is the data as they are
  double sigma_min = 0;  // ve, edm: the range of levels, in data units
  double sigma_max = 0;
  int levels = 0;       // ve: rungs of the ladder, 0 for a continuum; ddpm: T
  double beta_min = 0;  // vp, subvp: beta(t) = beta_min + t (beta_max - beta_min);
  double beta_max = 0;  // ddpm, linear: beta of the first step and of the last
  BetaSchedule beta_schedule = BetaSchedule::linear;  // ddpm
  double p_mean = -1.2, p_std = 1.2;                  // edm

  // Of the papers; `levels`, where it is not 0, in place of their number of levels. Error(invalid)
  // for a process that there is not.
  [[nodiscard]] static ProcessSettings with_defaults(const std::string& process, int levels = 0);
  // The same without a ladder of levels: ve from 0.01 to 50 (Song et al. 2021); the others have
  // none.
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

// A place on the way: x_t = scale (x_0 + sigma z).
struct LevelPoint {
  double time, sigma, scale;
};
constexpr LevelPoint clean_point = {0, 0, 1};

// How reverse diffusion sampling turns a step of the process round (Song et al. 2021, appendix E).
enum class ReverseStep {
  exploding,       // x + v s + sqrt(v) z
  preserving,      // (2 - sqrt(1 - beta)) x + beta s + sqrt(beta) z
  euler_maruyama,  // has no form of its own
};

class Process {
 public:
  // Error(invalid) beginning with `where` unless the settings make sense together.
  explicit Process(const ProcessSettings& settings = ProcessSettings::with_defaults("ve"),
                   const std::string& where = "process");

  [[nodiscard]] const ProcessSettings& settings() const { return settings_; }
  [[nodiscard]] const std::string& name() const { return settings_.process; }
  // Whether it looks at a constant of its settings.
  [[nodiscard]] bool has(const std::string& constant) const;

  // vp, subvp and ddpm end in N(0, 1) whatever the data, so they work on columns of mean 0 and
  // deviation 1; the others add noise to the data as they are.
  [[nodiscard]] bool standardizes() const;
  // All but none, which is one noise level: denoising score matching of Vincent (2011).
  [[nodiscard]] bool has_levels() const;

  // The rest is for processes that have levels.
  //
  // Time runs from first_time(), where sampling ends, to last_time(), the prior: to 1 from 0 (ve),
  // 1e-3 (vp, subvp) or 1 / T (ddpm, whose step k is at k / T); edm: t is the level.
  [[nodiscard]] double first_time() const;
  [[nodiscard]] double last_time() const;
  // Where training and likelihoods begin: 1e-5 for vp and subvp, first_time() otherwise.
  [[nodiscard]] double least_time() const;
  // ddpm: T; 0 for processes in continuous time.
  [[nodiscard]] int steps() const;

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

  // The method of langevin-sample by which its models are drawn from unless told otherwise.
  [[nodiscard]] const char* sampling_method() const;
  [[nodiscard]] ReverseStep reverse_step() const;
  // Whether ancestral steps have the variance of the step forward, as published for vp, and not the
  // least there is (Song et al. 2021, equations 4 and 47).
  [[nodiscard]] bool large_step_variance() const;
  // Whether samplers' times are even in sigma^(1 / rho), as those of edm, and not in time.
  [[nodiscard]] bool grid_has_rho() const;

 private:
  ProcessSettings settings_;
  const ProcessType* type_;
  std::shared_ptr<const ProcessForm> form_;
  std::vector<double> rungs_;
};

}  // namespace pushforward
