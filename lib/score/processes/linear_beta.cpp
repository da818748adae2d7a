#include "score/processes/linear_beta.hpp"

#include <algorithm>
#include <cmath>

#include "base/error.hpp"

namespace pushforward {
namespace {

constexpr double earliest = 1e-5, first_sampled = 1e-3;  // Song et al. (2021), appendix C

}  // namespace

double LinearBeta::first_time() const { return first_sampled; }

double LinearBeta::min_time() const { return earliest; }

double LinearBeta::scale(double t) const { return std::exp(-0.5 * integral(t)); }

double LinearBeta::drift(double t) const { return -0.5 * (first_ + t * slope_); }

double LinearBeta::prior_deviation() const { return 1 / scale(last_time()); }

double LinearBeta::integral(double t) const { return t * (first_ + 0.5 * t * slope_); }

// first t + slope t^2 / 2 = integral, without cancellation.
double LinearBeta::time_of_integral(double integral) const {
  const double root = std::sqrt(first_ * first_ + 2 * slope_ * integral);
  return std::clamp(2 * integral / (first_ + root), 0.0, 1.0);
}

ProcessSettings linear_beta_continuous() {
  ProcessSettings settings;
  settings.beta_min = 0.1;
  settings.beta_max = 20;
  return settings;
}

ProcessSettings linear_beta_defaults(int) { return linear_beta_continuous(); }

void require_linear_beta(const ProcessSettings& s, const std::string& where) {
  if (!(s.beta_min >= min_beta) || !(s.beta_max >= s.beta_min) ||
      !(s.beta_min + s.beta_max <= 2 * max_integral))
    fail_invalid(where + ": beta_min must be 1e-12 at least, beta_max not below it, their " +
                 "mean 80 at most");
}

}  // namespace pushforward
