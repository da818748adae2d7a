// From a model and what a person asks for to a score, moves and a start.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "density/density.hpp"
#include "io/container.hpp"
#include "sample/moves.hpp"
#include "sample/sampler.hpp"
#include "sample/score_source.hpp"

namespace pushforward {

// A model that has a score, whatever its family: a density (analytic or flow) or a score model.
struct SampledModel {
  std::string name;    // of the file, for messages
  std::string family;  // "analytic", "flow", "score"
  std::unique_ptr<Density> density;
  std::unique_ptr<ScoreModel> score;
  Shape row_shape;
  [[nodiscard]] int dimension() const {
    return density != nullptr ? density->dimension() : score->dimension();
  }
};
// `label` is that of a conditional flow, -1 for none.
[[nodiscard]] SampledModel read_sampled_model(const ContainerReader& reader, int label = -1);

// The methods of this version, in the order of the manual.
[[nodiscard]] const std::vector<std::string>& sampling_methods();

// 0 and empty mean the default of the method and the model.
struct MethodOptions {
  std::string method;
  std::string process;  // of an analytic model: ve, edm
  double sigma = 0, sigma_min = 0, sigma_max = 0;
  std::int64_t levels = 0;
  std::int64_t steps = 0;
  double step_size = 0;
  double rho = 7;
  Churn churn;
  bool denoise = true;
  std::int64_t count = 0;     // rows to draw
  std::int64_t chains = 0;    // ula; 0: one a row
  std::int64_t burn_in = -1;  // ula; -1: 0, or 1000 where chains are given
  std::int64_t thin = 0;      // ula
};

struct SamplingPlan {
  std::string method;
  std::unique_ptr<ScoreSource> source;
  Moves moves;
  std::uint64_t chains = 0;  // each gives rows.count rows
  Records rows;
  // A chain starts at centre + scale times its row of noise.
  std::vector<double> centre;
  double scale = 1;
  bool diverges_with_step = false;  // ula: the step size has a limit that the curvature sets
};

// Error(usage) for options that do not go together, Error(invalid) naming the model where it does
// not have what the method needs. `given` says whether an option of that name was given: one that
// the method does not look at is refused.
[[nodiscard]] SamplingPlan plan_sampling(const SampledModel& model, const MethodOptions& options,
                                         const std::function<bool(const std::string&)>& given);

}  // namespace pushforward
