// From the coordinates of a chain to units of the data, and back.
#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "density/bounds.hpp"
#include "sample/preconditioner.hpp"

namespace pushforward {

// A state x of a chain in units of the data: offset + unit a x, one number per column, or a x where
// these are empty.
struct DataUnits {
  std::vector<double> offset, unit;
  // The scale a: of the start, and of the rows that are drawn. In between it is that of the last
  // transition (Transition::scale).
  double start_scale = 1, end_scale = 1;
  // Where set, the chain is in its coordinates.
  std::optional<Preconditioner> preconditioner;
  // Of the columns of the data. Where there are any, what is above leads to their unbounded
  // numbers.
  Bounds bounds;
};

// Turns states of a chain, rows of `dimension` numbers, into units of the data. `scales` are those
// of a chain's states in turn: one for all, or one per state.
template <class T>
void to_data(const DataUnits& units, const std::vector<double>& scales, std::size_t dimension,
             std::vector<T>* states);

// Turns rows in units of the data into the coordinates of the chain at scale 1, before the
// preconditioner.
template <class T>
void from_data(const DataUnits& units, std::vector<T>* rows);

extern template void to_data(const DataUnits&, const std::vector<double>&, std::size_t,
                             std::vector<float>*);
extern template void to_data(const DataUnits&, const std::vector<double>&, std::size_t,
                             std::vector<double>*);
extern template void from_data(const DataUnits&, std::vector<float>*);
extern template void from_data(const DataUnits&, std::vector<double>*);

}  // namespace pushforward
