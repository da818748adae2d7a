// The common part of processes with beta(t) = beta_min + t (beta_max - beta_min), which shrinks the
// data (Song et al. 2021, appendix B).
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
  [[nodiscard]] double min_time() const override;
  [[nodiscard]] double scale(double t) const override;
  [[nodiscard]] double drift(double t) const override;
  [[nodiscard]] double prior_deviation() const override;
  [[nodiscard]] const char* sampling_method() const override { return "pc"; }

 protected:
  // B(t), the integral of beta from 0 to t, and its inverse, t in [0, 1].
  [[nodiscard]] double integral(double t) const;
  [[nodiscard]] double time_of_integral(double integral) const;

 private:
  double first_, slope_;
};

// beta from 0.1 to 20.
[[nodiscard]] ProcessSettings linear_beta_defaults(int levels);
[[nodiscard]] ProcessSettings linear_beta_continuous();
// Error(invalid), beginning with `where`, if the betas are invalid.
void require_linear_beta(const ProcessSettings& settings, const std::string& where);

constexpr double min_beta = 1e-12;  // with it the first step of ddpm ends at a level of 1e-6
// For a larger B(1) the last level, exp(B / 2), is out of the range that float32 can work with.
constexpr double max_integral = 80;

}  // namespace pushforward
