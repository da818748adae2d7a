// Shifting and scaling columns to mean 0 and deviation 1 before a flow sees them.
#pragma once

#include "flow/flow.hpp"

namespace pushforward {

// Mean and standard deviation of every column of the rows [x | context]. A constant column keeps
// its scale, with a warning where it is x's; the columns of a label stay as they are.
[[nodiscard]] Standardization standardization_of(const TrainingRows& rows, const FlowSpec& spec);

}  // namespace pushforward
