#include "flow/standardization.hpp"

#include <cmath>

namespace pushforward {

Standardization standardization_of(const TrainingRows& rows, const FlowSpec& spec) {
  const std::size_t columns = rows.columns, dimension = static_cast<std::size_t>(spec.dimension);
  auto [shift, scale] = column_moments(rows.values, columns);
  for (std::size_t c = 0; c < columns; ++c) {
    scale[c] = std::sqrt(scale[c]);
    if (scale[c] == 0) scale[c] = 1;
  }
  const auto split = static_cast<std::ptrdiff_t>(dimension);
  Standardization s;
  s.shift.assign(shift.begin(), shift.begin() + split);
  s.scale.assign(scale.begin(), scale.begin() + split);
  if (spec.context > spec.classes) {
    s.context_shift.assign(shift.begin() + split, shift.end());
    s.context_scale.assign(scale.begin() + split, scale.end());
  }
  return s;
}

}  // namespace pushforward
