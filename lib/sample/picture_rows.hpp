// A few rows of a model, all at once, for pictures of it.
#pragma once

#include <cstdint>
#include <vector>

#include "base/lanes.hpp"
#include "sample/method_options.hpp"
#include "sample/sampled_model.hpp"

namespace pushforward {

// Rows first, first + 1, ... in units of the data, options.count of them, by options.method and the
// default steps of it.
[[nodiscard]] std::vector<float> picture_rows(const SampledModel& model,
                                              const MethodOptions& options, std::uint64_t seed,
                                              std::size_t first, Workers* workers);

}  // namespace pushforward
