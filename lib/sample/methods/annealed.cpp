// Annealed Langevin dynamics (Song, Ermon 2019, algorithm 1).
#include <cmath>

#include "base/error.hpp"
#include "sample/annealed_step.hpp"
#include "sample/method.hpp"
#include "sample/reverse_process.hpp"

namespace pushforward {
namespace {

// Song, Ermon (2019): 2e-5 at a lowest level of 0.01, and a factor of 0.6 from level to level.
constexpr double annealed_step_factor = 0.2;
const double annealed_ratio = std::pow(100.0, 1 / 9.0);
constexpr std::int64_t annealed_steps = 100;
// Song, Ermon (2020): 5 steps per level are enough where levels are this close, as in many
// dimensions.
constexpr std::int64_t close_annealed_steps = 5;
constexpr double close_ratio = 1.1;

void plan_annealed(const SamplingRequest& request, SamplingPlan* plan) {
  const SampledModel& model = request.model;
  const MethodOptions& options = request.options;
  const bool denoise = options.reverse.denoise;
  const Process process = begin_reverse(request, ProcessSettings::with_defaults("ve"), plan);
  ProcessSettings ladder = ProcessSettings::continuous("ve");
  ladder.sigma_min = process.sigma(process.first_time());
  ladder.sigma_max = process.sigma(process.last_time());
  if (ladder.sigma_min >= ladder.sigma_max)
    fail_invalid(model.name + ": its process has one noise level, and " + setting("method") +
                 " annealed goes down " + "from one to the next; use " + setting("method") +
                 " ddpm");
  ladder.levels = static_cast<int>(process.ladder().size());
  if (options.reverse.levels > 0) ladder.levels = static_cast<int>(options.reverse.levels);
  if (ladder.levels == 0)
    ladder.levels =
        1 + static_cast<int>(std::ceil(
                std::log(ladder.sigma_max / ladder.sigma_min) / std::log(annealed_ratio) - 1e-9));
  const std::vector<double> levels = Process(ladder).ladder();
  // A network that is not conditioned on the level has the steps of the paper that proposed it.
  const bool unconditioned =
      model.score() != nullptr && model.score()->description().embedding == Embedding::none;
  const double ratio = levels.size() > 1 ? levels[0] / levels[1] : close_ratio + 1;
  const std::int64_t steps = options.steps > 0                      ? options.steps
                             : unconditioned && ratio < close_ratio ? close_annealed_steps
                                                                    : annealed_steps;
  const double lowest = levels.back();
  double step_size = options.step_size;
  if (step_size == 0 && unconditioned && levels.size() > 1)
    step_size = annealed_step_size(ratio, lowest, static_cast<int>(steps));
  if (step_size == 0) step_size = annealed_step_factor * lowest * lowest;
  plan->markov.step_size = step_size;
  plan->transitions =
      annealed_transitions(levels, step_size, static_cast<std::uint64_t>(steps), denoise);
  for (Transition& transition : plan->transitions)
    transition.scale = process.scale(process.time_of(transition.sigma));
  if (denoise) plan->transitions.back().scale = 1;
  end_reverse(plan);
}

}  // namespace

namespace methods {

Method annealed() {
  return grid_method("annealed", std::to_string(annealed_steps) + " a level",
                     {"step-size", "levels"}, {}, plan_annealed);
}

}  // namespace methods
}  // namespace pushforward
