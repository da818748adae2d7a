#include "sample/picture_rows.hpp"

#include "sample/method.hpp"
#include "sample/run.hpp"

namespace pushforward {

std::vector<float> picture_rows(const SampledModel& model, const MethodOptions& options,
                                std::uint64_t seed, std::size_t first, Workers* workers) {
  const auto count = static_cast<std::size_t>(options.count);
  const auto dimension = static_cast<std::size_t>(model.dimension());
  const StartingRows noise("normal:1", dimension, seed);
  const SamplingPlan plan = plan_sampling(model, options, noise);
  const std::vector<float> start = starting_states<float>(plan, noise, seed, first, count);
  Sampler<float> sampler(plan.target, plan.transitions, sampler_lane_rows(plan.target, count),
                         workers, plan.auxiliary);
  ChainOptions chains;
  chains.seed = seed;
  chains.rows = plan.rows;
  chains.method = plan.method;
  std::vector<float> rows(start.size());
  sampler.run(first, count, start.data(), chains, rows.data(), nullptr);
  to_data(plan.units, {plan.units.end_scale}, dimension, &rows);
  return rows;
}

}  // namespace pushforward
