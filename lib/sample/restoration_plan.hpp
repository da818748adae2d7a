// The part of plan_sampling (sample/method.hpp) that is about models which undo a degradation.
#pragma once

#include "sample/method.hpp"

namespace pushforward {

// "blur" and "cold".
[[nodiscard]] const std::vector<std::string>& restoration_methods();

// Fills the plan of one of these methods, plan->method; with R what the network makes of x and z
// standard normal, for s from the start level to 1:
//   blur  x <- R(x, s) + delta z, at the end without z (Rissanen et al. 2023, algorithm 2)
//   cold  with x^ = R(x, s), algorithm 1: x <- D(x^, s - 1); algorithm 2: x <- x - D(x^, s) +
//         D(x^, s - 1) (Bansal et al. 2023)
// The start is D(v, s) plus delta z. Errors as those of plan_sampling.
void plan_restoration(const SampledModel& model, const MethodOptions& options,
                      const std::function<bool(const std::string&)>& given, SamplingPlan* plan);

}  // namespace pushforward
