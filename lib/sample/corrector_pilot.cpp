#include "sample/corrector_pilot.hpp"

#include <algorithm>
#include <cmath>

#include "base/random.hpp"
#include "sample/sampler.hpp"

namespace pushforward {
namespace {

constexpr std::size_t max_pilot_rows = 128;
constexpr std::uint64_t pilot_seed = 0;
constexpr std::uint64_t first_pilot_row = std::uint64_t{1}
                                          << 40;  // its noise is not that of any drawn row

}  // namespace

void measure_correctors(const ChainTarget& target, const std::vector<double>& centre, double scale,
                        Transitions* transitions) {
  const bool any =
      std::any_of(transitions->begin(), transitions->end(),
                  [](const Transition& transition) { return transition.step == corrector_step(); });
  if (!any) return;
  const std::size_t dimension = centre.size(), pilot_rows = target.lane_rows(max_pilot_rows);
  std::vector<float> start(pilot_rows * dimension), end(start.size());
  Random(pilot_seed, Stream::init)
      .fill_normal(start.data(), pilot_rows, dimension, first_pilot_row);
  for (std::size_t i = 0; i < start.size(); ++i)
    start[i] = static_cast<float>(centre[i % dimension] + scale * static_cast<double>(start[i]));
  // One lane, whose rows all carry the last corrector's e.
  Workers workers(1);
  AuxiliaryState auxiliary;
  auxiliary.columns = {1};
  Sampler<float> sampler(target, *transitions, pilot_rows, &workers, auxiliary);
  ChainOptions options;
  options.seed = pilot_seed;
  options.rows = {total_steps(*transitions), 1, 1};
  options.method = "pilot of the corrector";
  std::vector<double> carried;  // after every step
  sampler.run(first_pilot_row, pilot_rows, start.data(), options, end.data(), nullptr,
              [&](std::uint64_t, std::size_t, std::size_t, const auto& state) {
                carried.push_back(static_cast<double>(state[1][0]));
              });
  Transitions measured;
  std::size_t step = 0;
  for (const Transition& transition : *transitions) {
    if (transition.step != corrector_step()) {
      measured.push_back(transition);
      step += static_cast<std::size_t>(transition.repeats);
      continue;
    }
    for (std::uint64_t repeat = 0; repeat < transition.repeats; ++repeat) {
      const double e = carried[step++];
      measured.push_back(linear_transition(transition.sigma, 1, e, std::sqrt(2 * e)));
      measured.back().scale = transition.scale;
    }
  }
  *transitions = std::move(measured);
}

}  // namespace pushforward
