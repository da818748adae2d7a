#include "score/step_variance.hpp"

namespace pushforward {

StepVariance step_variance(const LevelPoint& from, const LevelPoint& to) {
  const double lost = (from.sigma - to.sigma) * (from.sigma + to.sigma);
  const double level = to.sigma / from.sigma, scale = from.scale / to.scale;
  return {lost, lost * level * level, lost * scale * scale};
}

StepVariance ddpm_step_variance(const Process& process, int k) {
  const double steps = process.settings().levels;
  if (k > 1) return step_variance(process.at(k / steps), process.at((k - 1) / steps));
  const LevelPoint first = process.at(1 / steps);
  StepVariance last = step_variance(first, clean_point);
  // That of step 2 is in units of x^ at step 1; here it is in units of x_1 = scale x^.
  last.small =
      steps == 1 ? last.large : ddpm_step_variance(process, 2).small * first.scale * first.scale;
  return last;
}

}  // namespace pushforward
