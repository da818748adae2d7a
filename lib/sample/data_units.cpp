#include "sample/data_units.hpp"

#include <algorithm>

namespace pushforward {

template <class T>
void to_data(const DataUnits& units, const std::vector<double>& scales, std::size_t dimension,
             std::vector<T>* states) {
  if (units.preconditioner) units.preconditioner->to_x(states);
  const bool scaled = std::any_of(scales.begin(), scales.end(), [](double a) { return a != 1; });
  if (!scaled && units.unit.empty()) return;
  for (std::size_t i = 0; i < states->size(); ++i) {
    const std::size_t j = i % dimension;
    double value = scales[i / dimension % scales.size()] * static_cast<double>((*states)[i]);
    if (!units.unit.empty()) value = units.offset[j] + units.unit[j] * value;
    (*states)[i] = static_cast<T>(value);
  }
}

template void to_data(const DataUnits&, const std::vector<double>&, std::size_t,
                      std::vector<float>*);
template void to_data(const DataUnits&, const std::vector<double>&, std::size_t,
                      std::vector<double>*);

}  // namespace pushforward
