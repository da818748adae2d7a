#include "score/process.hpp"

#include <algorithm>
#include <boost/math/special_functions/erf.hpp>
#include <cmath>

#include "base/constants.hpp"
#include "base/error.hpp"
#include "base/named.hpp"

namespace pushforward {
namespace {

constexpr double least_vp_time = 1e-5, first_vp_time = 1e-3;  // Song et al. (2021), appendix C
constexpr double largest_beta = 0.999;                        // Nichol, Dhariwal (2021)
constexpr double least_beta = 1e-12;  // of a first step of ddpm to a level of 1e-6
// Of ln sigma that training of edm draws: beyond six deviations about one row in 10^9.
constexpr double drawn_deviations = 6;

bool is_level(double sigma) { return sigma >= least_level && sigma <= most_level; }

// Quantile of the standard normal distribution.
double normal_quantile(double p) { return -std::sqrt(2.0) * boost::math::erfc_inv(2 * p); }

// ddpm: beta of step k = 1 ... T.
double step_beta(const ProcessSettings& s, int k) {
  if (s.schedule == BetaSchedule::linear)
    return s.levels == 1 ? s.beta_max
                         : s.beta_min + (s.beta_max - s.beta_min) * (k - 1) / (s.levels - 1);
  const auto kept = [&](int step) {
    const double c = std::cos((double(step) / s.levels + 0.008) / 1.008 * pi / 2);
    return c * c;
  };
  return std::min(1 - kept(k) / kept(k - 1), largest_beta);
}

const std::vector<Named<ProcessKind>>& kinds() {
  static const std::vector<Named<ProcessKind>> all = {
      {ProcessKind::none, "none"},   {ProcessKind::ve, "ve"},     {ProcessKind::vp, "vp"},
      {ProcessKind::subvp, "subvp"}, {ProcessKind::ddpm, "ddpm"}, {ProcessKind::edm, "edm"}};
  return all;
}

const std::vector<Named<BetaSchedule>>& schedules() {
  static const std::vector<Named<BetaSchedule>> all = {{BetaSchedule::linear, "linear"},
                                                       {BetaSchedule::cosine, "cosine"}};
  return all;
}

}  // namespace

const char* process_name(ProcessKind kind) { return name_of(kinds(), kind); }

std::vector<std::string> process_names() { return names_of(kinds()); }

ProcessKind process_named(const std::string& name, const std::string& where) {
  return value_named(kinds(), name, "process", where);
}

const char* beta_schedule_name(BetaSchedule schedule) { return name_of(schedules(), schedule); }

BetaSchedule beta_schedule_named(const std::string& name, const std::string& where) {
  return value_named(schedules(), name, "beta schedule", where);
}

ProcessSettings ProcessSettings::with_defaults(ProcessKind kind) {
  ProcessSettings settings;
  settings.kind = kind;
  switch (kind) {
    case ProcessKind::none:
      break;
    case ProcessKind::ve:
      settings.sigma_min = 0.01;
      settings.sigma_max = 1;
      settings.levels = 10;
      break;
    case ProcessKind::vp:
    case ProcessKind::subvp:
      settings.beta_min = 0.1;
      settings.beta_max = 20;
      break;
    case ProcessKind::ddpm:
      return ddpm(1000, BetaSchedule::linear);
    case ProcessKind::edm:
      settings.sigma_min = 0.002;
      settings.sigma_max = 80;
      break;
  }
  return settings;
}

ProcessSettings ProcessSettings::continuous_ve() {
  ProcessSettings settings;
  settings.kind = ProcessKind::ve;
  settings.sigma_min = 0.01;
  settings.sigma_max = 50;
  return settings;
}

ProcessSettings ProcessSettings::ddpm(int steps, BetaSchedule schedule) {
  ProcessSettings settings;
  settings.kind = ProcessKind::ddpm;
  settings.levels = steps;
  settings.schedule = schedule;
  if (schedule == BetaSchedule::linear) {
    settings.beta_min = std::min(0.1 / steps, largest_beta);
    settings.beta_max = std::min(20.0 / steps, largest_beta);
  }
  return settings;
}

Process::Process(const ProcessSettings& settings, const std::string& where) : settings_(settings) {
  const ProcessSettings& s = settings_;
  switch (s.kind) {
    case ProcessKind::none:
      if (s.sigma != 0 && !is_level(s.sigma))
        fail_invalid(where + ": the noise level must be 0 or from 1e-18 to 1e18");
      return;
    case ProcessKind::ve:
    case ProcessKind::edm:
      if (!is_level(s.sigma_min) || !is_level(s.sigma_max) || s.sigma_min >= s.sigma_max)
        fail_invalid(where +
                     ": sigma_min must be below sigma_max, and both of them from 1e-18 to 1e18");
      if (s.kind == ProcessKind::ve && (s.levels < 0 || s.levels > most_levels))
        fail_invalid(where + ": a ladder has 1 to " + std::to_string(most_levels) + " levels");
      if (s.kind == ProcessKind::ve) make_ladder();
      if (s.kind == ProcessKind::edm &&
          !(s.p_std > 0 && std::abs(s.p_mean) + drawn_deviations * s.p_std <= std::log(most_level)))
        fail_invalid(where +
                     ": p_std must be above 0, and levels within six deviations of p_mean " +
                     "from 1e-18 to 1e18");
      return;
    case ProcessKind::vp:
    case ProcessKind::subvp:
      // Beyond a B of 80 the level at the end, exp(B / 2), leaves what float32 can work with.
      if (!(s.beta_min >= least_beta) || !(s.beta_max >= s.beta_min) ||
          !(s.beta_min + s.beta_max <= 160))
        fail_invalid(where + ": beta_min must be 1e-12 at least, beta_max not below it, their " +
                     "mean 80 at most");
      return;
    case ProcessKind::ddpm:
      break;
  }
  if (s.levels < 1 || s.levels > most_levels)
    fail_invalid(where + ": the steps of ddpm must be 1 to " + std::to_string(most_levels));
  if (s.schedule == BetaSchedule::linear &&
      (!(s.beta_min >= least_beta) || !(s.beta_max >= s.beta_min) || !(s.beta_max < 1)))
    fail_invalid(where + ": beta_min must be 1e-12 at least and beta_max from there to below 1");
  step_integrals_.push_back(0);
  for (int k = 1; k <= s.levels; ++k)
    step_integrals_.push_back(step_integrals_.back() - std::log1p(-step_beta(s, k)));
  if (step_integrals_.back() > 80)
    fail_invalid(where + ": the betas leave less than exp(-80) of the data's variance");
  for (int k = 1; k <= s.levels; ++k) rungs_.push_back(sigma(double(k) / s.levels));
}

bool Process::standardizes() const {
  return kind() == ProcessKind::vp || kind() == ProcessKind::subvp || kind() == ProcessKind::ddpm;
}

double Process::first_time() const {
  switch (kind()) {
    case ProcessKind::vp:
    case ProcessKind::subvp:
      return first_vp_time;
    case ProcessKind::ddpm:
      return 1.0 / settings_.levels;
    case ProcessKind::edm:
      return settings_.sigma_min;
    case ProcessKind::none:
    case ProcessKind::ve:
      break;
  }
  return 0;
}

double Process::last_time() const { return kind() == ProcessKind::edm ? settings_.sigma_max : 1; }

double Process::least_time() const {
  return kind() == ProcessKind::vp || kind() == ProcessKind::subvp ? least_vp_time : first_time();
}

double Process::beta_integral(double t) const {
  if (kind() != ProcessKind::ddpm)
    return t * (settings_.beta_min + 0.5 * t * (settings_.beta_max - settings_.beta_min));
  const double position = t * settings_.levels;
  // A time that is k / T but for rounding is step k.
  const double nearest = std::round(position);
  if (std::abs(position - nearest) < 1e-9 * settings_.levels)
    return step_integrals_[static_cast<std::size_t>(
        std::clamp(nearest, 0.0, double(settings_.levels)))];
  const std::size_t below =
      static_cast<std::size_t>(std::clamp(position, 0.0, settings_.levels - 1.0));
  const double part = position - static_cast<double>(below);
  return step_integrals_[below] + part * (step_integrals_[below + 1] - step_integrals_[below]);
}

double Process::scale(double t) const {
  return standardizes() ? std::exp(-0.5 * beta_integral(t)) : 1;
}

double Process::sigma(double t) const {
  switch (kind()) {
    case ProcessKind::none:
      return settings_.sigma;
    case ProcessKind::ve:
      return settings_.sigma_min * std::pow(settings_.sigma_max / settings_.sigma_min, t);
    case ProcessKind::edm:
      return t;
    case ProcessKind::subvp:  // (1 - e^-B) e^(B/2)
      return 2 * std::sinh(0.5 * beta_integral(t));
    case ProcessKind::vp:
    case ProcessKind::ddpm:
      break;
  }
  return std::sqrt(std::expm1(beta_integral(t)));
}

double Process::time_of(double sigma) const {
  if (kind() == ProcessKind::edm) return std::clamp(sigma, 0.0, last_time());
  if (kind() == ProcessKind::ve)
    return std::clamp(
        std::log(sigma / settings_.sigma_min) / std::log(settings_.sigma_max / settings_.sigma_min),
        0.0, 1.0);
  const double integral =
      kind() == ProcessKind::subvp ? 2 * std::asinh(0.5 * sigma) : std::log1p(sigma * sigma);
  if (kind() == ProcessKind::ddpm) {
    if (integral >= step_integrals_.back()) return 1;
    const auto above =
        std::upper_bound(step_integrals_.begin() + 1, step_integrals_.end(), integral);
    const auto index = above - step_integrals_.begin();
    const double part = (integral - above[-1]) / (above[0] - above[-1]);
    return (static_cast<double>(index - 1) + part) / settings_.levels;
  }
  // beta_min t + slope t^2 / 2 = integral, without cancellation.
  const double slope = settings_.beta_max - settings_.beta_min;
  const double root = std::sqrt(settings_.beta_min * settings_.beta_min + 2 * slope * integral);
  return std::clamp(2 * integral / (settings_.beta_min + root), 0.0, 1.0);
}

double Process::drift(double t) const {
  if (!standardizes()) return 0;
  if (kind() != ProcessKind::ddpm)
    return -0.5 * (settings_.beta_min + t * (settings_.beta_max - settings_.beta_min));
  // Of the step that ends at t, or that t is inside of.
  const double position = std::ceil(t * settings_.levels - 1e-6);
  const std::size_t step =
      static_cast<std::size_t>(std::clamp(position, 1.0, double(settings_.levels)));
  return -0.5 * settings_.levels * (step_integrals_[step] - step_integrals_[step - 1]);
}

double Process::diffusion(double t) const {
  switch (kind()) {
    case ProcessKind::ve:
      return sigma(t) * std::sqrt(2 * std::log(settings_.sigma_max / settings_.sigma_min));
    case ProcessKind::edm:
      return std::sqrt(2 * t);
    case ProcessKind::subvp:
      return std::sqrt(2 * -drift(t) * -std::expm1(-2 * beta_integral(t)));
    case ProcessKind::none:
    case ProcessKind::vp:
    case ProcessKind::ddpm:
      break;
  }
  return std::sqrt(2 * -drift(t));
}

double Process::prior_deviation() const {
  return standardizes() ? 1 / scale(last_time()) : settings_.sigma_max;
}

void Process::make_ladder() {
  const ProcessSettings& s = settings_;
  for (int i = 0; i < s.levels; ++i)
    rungs_.push_back(i == 0 ? s.sigma_max
                            : s.sigma_max *
                                  std::pow(s.sigma_min / s.sigma_max, double(i) / (s.levels - 1)));
}

std::vector<double> Process::ladder() const {
  return kind() == ProcessKind::ve ? rungs_ : std::vector<double>();
}

std::size_t Process::draw_rung(double uniform) const {
  const double count = static_cast<double>(rungs_.size());
  return static_cast<std::size_t>(std::min(std::floor(uniform * count), count - 1));
}

double Process::draw_sigma(double uniform) const {
  if (!rungs_.empty()) return rungs_[draw_rung(uniform)];
  if (kind() == ProcessKind::none) return settings_.sigma;
  if (kind() == ProcessKind::edm)
    return std::exp(settings_.p_mean + settings_.p_std * normal_quantile(uniform));
  return sigma(least_time() + (last_time() - least_time()) * uniform);
}

}  // namespace pushforward
