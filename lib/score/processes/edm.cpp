// The process of Karras et al. (2022): sigma(t) = t, and training at ln sigma ~ N(p_mean, p_std^2).
#include <algorithm>
#include <boost/math/special_functions/erf.hpp>
#include <cmath>

#include "base/error.hpp"
#include "score/process_type.hpp"
#include "score/processes/sigma_range.hpp"

namespace pushforward {
namespace {

// Training draws ln sigma beyond this many standard deviations for about one row in 10^9.
constexpr double drawn_deviations = 6;

// Quantile of the standard normal distribution.
double normal_quantile(double p) { return -std::sqrt(2.0) * boost::math::erfc_inv(2 * p); }

class Edm : public ProcessForm {
 public:
  explicit Edm(const ProcessSettings& s)
      : low_(s.sigma_min), high_(s.sigma_max), mean_(s.p_mean), deviation_(s.p_std) {}

  [[nodiscard]] double draw_sigma(double uniform) const override {
    return std::exp(mean_ + deviation_ * normal_quantile(uniform));
  }
  [[nodiscard]] double first_time() const override { return low_; }
  [[nodiscard]] double last_time() const override { return high_; }
  [[nodiscard]] double sigma(double t) const override { return t; }
  [[nodiscard]] double time_of(double sigma) const override {
    return std::clamp(sigma, 0.0, high_);
  }
  [[nodiscard]] double diffusion(double t) const override { return std::sqrt(2 * t); }
  [[nodiscard]] double prior_deviation() const override { return high_; }
  [[nodiscard]] const char* sampling_method() const override { return "heun"; }
  [[nodiscard]] bool grid_has_rho() const override { return true; }

 private:
  double low_, high_, mean_, deviation_;
};

ProcessSettings continuous() {
  ProcessSettings settings;
  settings.sigma_min = 0.002;
  settings.sigma_max = 80;
  return settings;
}

ProcessSettings defaults(int) { return continuous(); }

std::unique_ptr<const ProcessForm> make(const ProcessSettings& s, const std::string& where) {
  require_sigma_range(s, where);
  if (!(s.p_std > 0 && std::abs(s.p_mean) + drawn_deviations * s.p_std <= std::log(max_level)))
    fail_invalid(where + ": p_std must be above 0, and levels within six deviations of p_mean " +
                 "from 1e-18 to 1e18");
  return std::make_unique<Edm>(s);
}

}  // namespace

namespace processes {
ProcessType edm() {
  return {"edm", {"p_mean", "p_std", "sigma_min", "sigma_max"}, defaults, continuous, make};
}
}  // namespace processes

}  // namespace pushforward
