#include "sample/data_units.hpp"

#include <algorithm>
#include <array>
#include <xtensor/xmath.hpp>
#include <xtensor/xnoalias.hpp>

#include "base/matrix.hpp"

namespace pushforward {

template <class T>
void to_data(const DataUnits& units, const std::vector<double>& scales, std::size_t dimension,
             std::vector<T>* states) {
  if (states->empty()) return;
  if (units.preconditioner) units.preconditioner->to_x(states);
  const bool scaled = std::any_of(scales.begin(), scales.end(), [](double a) { return a != 1; });
  if (!scaled && units.unit.empty()) return;
  const std::size_t chains = states->size() / (scales.size() * dimension);
  auto x = xt::adapt(*states, std::array<std::size_t, 3>{chains, scales.size(), dimension});
  const auto scale = as_rows(scales, 1);
  if (units.unit.empty()) {
    xt::noalias(x) = xt::cast<T>(scale * xt::cast<double>(x));
  } else {
    const auto offset = as_rows(units.offset, dimension), unit = as_rows(units.unit, dimension);
    xt::noalias(x) = xt::cast<T>(offset + unit * (scale * xt::cast<double>(x)));
  }
}

template <class T>
void from_data(const DataUnits& units, std::vector<T>* rows) {
  const std::size_t dimension = units.unit.size();
  if (dimension == 0) return;
  auto x = as_rows(*rows, dimension);
  const auto offset = as_rows(units.offset, dimension), unit = as_rows(units.unit, dimension);
  xt::noalias(x) = xt::cast<T>((xt::cast<double>(x) - offset) / unit);
}

template void to_data(const DataUnits&, const std::vector<double>&, std::size_t,
                      std::vector<float>*);
template void to_data(const DataUnits&, const std::vector<double>&, std::size_t,
                      std::vector<double>*);
template void from_data(const DataUnits&, std::vector<float>*);
template void from_data(const DataUnits&, std::vector<double>*);

}  // namespace pushforward
