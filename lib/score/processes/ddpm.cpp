// T discrete steps of variance preserving noise (Ho et al. 2020), step k at time k / T.
#include <algorithm>
#include <cmath>

#include "base/constants.hpp"
#include "base/error.hpp"
#include "score/processes/linear_beta.hpp"

namespace pushforward {
namespace {

constexpr double max_step_beta = 0.999;  // Nichol, Dhariwal (2021)

// beta of step k = 1 ... T.
double step_beta(const ProcessSettings& s, int k) {
  if (s.beta_schedule == BetaSchedule::linear)
    return s.levels == 1 ? s.beta_max
                         : s.beta_min + (s.beta_max - s.beta_min) * (k - 1) / (s.levels - 1);
  const auto kept = [&](int step) {
    const double c = std::cos((double(step) / s.levels + 0.008) / 1.008 * pi / 2);
    return c * c;
  };
  return std::min(1 - kept(k) / kept(k - 1), max_step_beta);
}

class Ddpm : public ProcessForm {
 public:
  // integrals: B at t = k / T, k from 0.
  explicit Ddpm(std::vector<double> integrals)
      : integrals_(std::move(integrals)), steps_(static_cast<int>(integrals_.size()) - 1) {}

  [[nodiscard]] bool standardizes() const override { return true; }
  [[nodiscard]] int steps() const override { return steps_; }
  [[nodiscard]] std::vector<double> rungs() const override {
    std::vector<double> levels;
    for (int k = 1; k <= steps_; ++k) levels.push_back(sigma(double(k) / steps_));
    return levels;
  }
  [[nodiscard]] double first_time() const override { return 1.0 / steps_; }
  [[nodiscard]] double scale(double t) const override { return std::exp(-0.5 * integral(t)); }
  [[nodiscard]] double sigma(double t) const override { return std::sqrt(std::expm1(integral(t))); }
  [[nodiscard]] double time_of(double sigma) const override {
    const double integral = std::log1p(sigma * sigma);
    if (integral >= integrals_.back()) return 1;
    const auto above = std::upper_bound(integrals_.begin() + 1, integrals_.end(), integral);
    const auto index = above - integrals_.begin();
    const double part = (integral - above[-1]) / (above[0] - above[-1]);
    return (static_cast<double>(index - 1) + part) / steps_;
  }
  // Of the step that ends at t or contains t.
  [[nodiscard]] double drift(double t) const override {
    const double position = std::ceil(t * steps_ - 1e-6);
    const auto step = static_cast<std::size_t>(std::clamp(position, 1.0, double(steps_)));
    return -0.5 * steps_ * (integrals_[step] - integrals_[step - 1]);
  }
  [[nodiscard]] double diffusion(double t) const override { return std::sqrt(2 * -drift(t)); }
  [[nodiscard]] double prior_deviation() const override { return 1 / scale(last_time()); }
  [[nodiscard]] const char* sampling_method() const override { return "ddpm"; }
  [[nodiscard]] ReverseStep reverse_step() const override { return ReverseStep::preserving; }

 private:
  [[nodiscard]] double integral(double t) const {
    const double position = t * steps_;
    // A time that is k / T up to rounding is step k.
    const double nearest = std::round(position);
    if (std::abs(position - nearest) < 1e-9 * steps_)
      return integrals_[static_cast<std::size_t>(std::clamp(nearest, 0.0, double(steps_)))];
    const auto below = static_cast<std::size_t>(std::clamp(position, 0.0, steps_ - 1.0));
    const double part = position - static_cast<double>(below);
    return integrals_[below] + part * (integrals_[below + 1] - integrals_[below]);
  }

  std::vector<double> integrals_;
  int steps_;
};

// 1000 steps, beta from 1e-4 to 0.02.
ProcessSettings defaults(int levels) {
  return ProcessSettings::ddpm(levels > 0 ? levels : 1000, BetaSchedule::linear);
}
ProcessSettings continuous() { return defaults(0); }

std::unique_ptr<const ProcessForm> make(const ProcessSettings& s, const std::string& where) {
  if (s.levels < 1 || s.levels > max_levels)
    fail_invalid(where + ": the steps of ddpm must be 1 to " + std::to_string(max_levels));
  if (s.beta_schedule == BetaSchedule::linear &&
      (!(s.beta_min >= min_beta) || !(s.beta_max >= s.beta_min) || !(s.beta_max < 1)))
    fail_invalid(where + ": beta_min must be 1e-12 at least and beta_max from there to below 1");
  std::vector<double> integrals = {0};
  for (int k = 1; k <= s.levels; ++k)
    integrals.push_back(integrals.back() - std::log1p(-step_beta(s, k)));
  if (integrals.back() > max_integral)
    fail_invalid(where + ": the betas leave less than exp(-80) of the data's variance");
  return std::make_unique<Ddpm>(std::move(integrals));
}

}  // namespace

ProcessSettings ProcessSettings::ddpm(int steps, BetaSchedule schedule) {
  ProcessSettings settings;
  settings.process = "ddpm";
  settings.levels = steps;
  settings.beta_schedule = schedule;
  if (schedule == BetaSchedule::linear) {
    settings.beta_min = std::min(0.1 / steps, max_step_beta);
    settings.beta_max = std::min(20.0 / steps, max_step_beta);
  }
  return settings;
}

namespace processes {
ProcessType ddpm() {
  return {"ddpm", {"levels", "beta_schedule", "beta_min", "beta_max"}, defaults, continuous, make};
}
}  // namespace processes

}  // namespace pushforward
