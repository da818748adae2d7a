// What processes share whose beta(t) = beta_min + t (beta_max - beta_min) shrinks the data (Song et
// al. 2021, appendix B).
#pragma once

#include <string>

#include "score/process_type.hpp"

namespace pushforward {

class LinearBeta : public ProcessForm {
 public:
  explicit LinearBeta(const ProcessSettings& settings)
      : first_(settings.beta_min), slope_(settings.beta_max - settings.beta_min) {}

  [[nodiscard]] bool standardizes() const override { return true; }
  [[nodiscard]] double first_time() const override;
  [[nodiscard]] double least_time() const override;
  [[nodiscard]] double scale(double t) const override;
  [[nodiscard]] double drift(double t) const override;
  [[nodiscard]] double prior_deviation() const override;
  [[nodiscard]] const char* sampling_method() const override { return "pc"; }

 protected:
  // B(t), the integral of beta from 0 to t, and the t from 0 to 1 of a B.
  [[nodiscard]] double integral(double t) const;
  [[nodiscard]] double time_of_integral(double integral) const;

 private:
  double first_, slope_;
};

// beta from 0.1 to 20.
[[nodiscard]] ProcessSettings linear_beta_defaults(int levels);
[[nodiscard]] ProcessSettings linear_beta_continuous();
// Error(invalid), beginning with `where`, unless the betas make sense.
void require_linear_beta(const ProcessSettings& settings, const std::string& where);

constexpr double least_beta = 1e-12;  // of a first step of ddpm to a level of 1e-6
// Beyond a B of 80 the level at the end, exp(B / 2), leaves what float32 can work with.
constexpr double most_integral = 80;

}  // namespace pushforward
