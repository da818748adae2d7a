// Shifting and scaling columns to mean 0 and deviation 1 before a flow sees them.
#pragma once

#include "flow/flow.hpp"

namespace pushforward {

// Mean and standard deviation of every column of the rows [x | context]; of 8-bit x, as they are
// with noise, scaled. A constant column keeps its scale; the columns of a label stay as they are.
[[nodiscard]] Standardization standardization_of(const TrainingRows& rows, const FlowSpec& spec,
                                                 Workers* workers);

}  // namespace pushforward
