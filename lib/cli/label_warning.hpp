// Rows whose label a model was trained without.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "io/rows.hpp"

namespace pushforward {

// Warns if labels at `path` are of classes without training rows, about which a conditional model
// knows nothing. `class_rows`: the number of training rows of each class; empty if the model has no
// classes or does not say.
void warn_of_untrained_labels(const RowReader& rows, const std::string& path,
                              const std::vector<std::int64_t>& class_rows);

}  // namespace pushforward
