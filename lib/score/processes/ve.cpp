// Variance exploding: a geometric ladder of levels (Song, Ermon 2019), or a continuum (Song et al.
// 2021).
#include <algorithm>
#include <cmath>

#include "base/error.hpp"
#include "score/process_type.hpp"
#include "score/processes/sigma_range.hpp"

namespace pushforward {
namespace {

class VarianceExploding : public ProcessForm {
 public:
  explicit VarianceExploding(const ProcessSettings& s)
      : low_(s.sigma_min), high_(s.sigma_max), levels_(s.levels) {}

  [[nodiscard]] std::vector<double> ladder() const override {
    std::vector<double> levels;
    for (int i = 0; i < levels_; ++i)
      levels.push_back(i == 0 ? high_ : high_ * std::pow(low_ / high_, double(i) / (levels_ - 1)));
    return levels;
  }
  [[nodiscard]] double sigma(double t) const override { return low_ * std::pow(high_ / low_, t); }
  [[nodiscard]] double time_of(double sigma) const override {
    return std::clamp(std::log(sigma / low_) / std::log(high_ / low_), 0.0, 1.0);
  }
  [[nodiscard]] double diffusion(double t) const override {
    return sigma(t) * std::sqrt(2 * std::log(high_ / low_));
  }
  [[nodiscard]] double prior_deviation() const override { return high_; }
  [[nodiscard]] const char* sampling_method() const override {
    return levels_ > 0 ? "annealed" : "pc";
  }

 private:
  double low_, high_;
  int levels_;
};

// 10 levels from 1 to 0.01 (Song, Ermon 2019).
ProcessSettings defaults(int levels) {
  ProcessSettings settings;
  settings.sigma_min = 0.01;
  settings.sigma_max = 1;
  settings.levels = levels > 0 ? levels : 10;
  return settings;
}

// From 50 to 0.01 (Song et al. 2021).
ProcessSettings continuous() {
  ProcessSettings settings;
  settings.sigma_min = 0.01;
  settings.sigma_max = 50;
  return settings;
}

std::unique_ptr<const ProcessForm> make(const ProcessSettings& s, const std::string& where) {
  require_sigma_range(s, where);
  if (s.levels < 0 || s.levels > max_levels)
    fail_invalid(where + ": a ladder has 1 to " + std::to_string(max_levels) + " levels");
  return std::make_unique<VarianceExploding>(s);
}

}  // namespace

namespace processes {
ProcessType ve() {
  return {"ve", {"sigma_min", "sigma_max", "levels"}, defaults, continuous, make};
}
}  // namespace processes

}  // namespace pushforward
