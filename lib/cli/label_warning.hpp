// Rows whose label a model was trained without.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "io/rows.hpp"

namespace pushforward {

// A warning where labels at `path` beside the rows are of classes that had no training rows, of
// which a conditional model knows nothing. `class_rows`: how many each class had; empty where the
// model has no classes or does not say.
void warn_of_untrained_labels(const RowReader& rows, const std::string& path,
                              const std::vector<std::int64_t>& class_rows);

}  // namespace pushforward
