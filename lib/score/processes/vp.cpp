// Variance preserving (Song et al. 2021).
#include <cmath>

#include "score/processes/linear_beta.hpp"

namespace pushforward {
namespace {

class VariancePreserving : public LinearBeta {
 public:
  using LinearBeta::LinearBeta;
  [[nodiscard]] double sigma(double t) const override { return std::sqrt(std::expm1(integral(t))); }
  [[nodiscard]] double time_of(double sigma) const override {
    return time_of_integral(std::log1p(sigma * sigma));
  }
  [[nodiscard]] double diffusion(double t) const override { return std::sqrt(2 * -drift(t)); }
  [[nodiscard]] ReverseStep reverse_step() const override { return ReverseStep::preserving; }
  [[nodiscard]] bool large_step_variance() const override { return true; }
};

std::unique_ptr<const ProcessForm> make(const ProcessSettings& s, const std::string& where) {
  require_linear_beta(s, where);
  return std::make_unique<VariancePreserving>(s);
}

}  // namespace

namespace processes {
ProcessType vp() {
  return {"vp", {"beta_min", "beta_max"}, linear_beta_defaults, linear_beta_continuous, make};
}
}  // namespace processes

}  // namespace pushforward
