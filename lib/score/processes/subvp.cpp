// Sub-variance preserving (Song et al. 2021): less noise than vp at every time.
#include <cmath>

#include "score/processes/linear_beta.hpp"

namespace pushforward {
namespace {

class SubVariancePreserving : public LinearBeta {
 public:
  using LinearBeta::LinearBeta;
  // (1 - e^-B) e^(B/2)
  [[nodiscard]] double sigma(double t) const override { return 2 * std::sinh(0.5 * integral(t)); }
  [[nodiscard]] double time_of(double sigma) const override {
    return time_of_integral(2 * std::asinh(0.5 * sigma));
  }
  [[nodiscard]] double diffusion(double t) const override {
    return std::sqrt(2 * -drift(t) * -std::expm1(-2 * integral(t)));
  }
  [[nodiscard]] ReverseStep reverse_step() const override { return ReverseStep::euler_maruyama; }
};

std::unique_ptr<const ProcessForm> make(const ProcessSettings& s, const std::string& where) {
  require_linear_beta(s, where);
  return std::make_unique<SubVariancePreserving>(s);
}

}  // namespace

namespace processes {
ProcessType subvp() {
  return {"subvp", {"beta_min", "beta_max"}, linear_beta_defaults, linear_beta_continuous, make};
}
}  // namespace processes

}  // namespace pushforward
