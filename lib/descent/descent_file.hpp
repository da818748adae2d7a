// What sobolev-descent reads and writes: rows with what stands beside them, and a trajectory.
#pragma once

#include <vector>

#include "io/container.hpp"
#include "io/rows.hpp"

namespace pushforward {

// Writes /x [N, ...] and, for row i, what the source has beside its row ancestor[i]: its labels,
// but nothing that programs compute from the numbers of a row (/log_density, /score, /log_det), for
// these numbers have changed. T is float or double.
template <class T>
void write_moved_rows(ContainerWriter* writer, const RowReader& source, const std::vector<T>& rows,
                      const std::vector<std::size_t>& ancestor);

// The states of all rows at some steps, held in memory until the last is there.
template <class T>
class MovedStates {
 public:
  // Room for `states` of `numbers` numbers; std::bad_alloc where there is none.
  MovedStates(std::size_t states, std::size_t numbers) { values_.reserve(states * numbers); }
  void add(std::int64_t step, const std::vector<T>& rows);
  // /x [rows, states, ...] and /trajectory/step [states].
  void write(ContainerWriter* writer, const Shape& row_shape) const;

 private:
  std::vector<std::int64_t> steps_;
  std::vector<T> values_;  // state after state
};

extern template class MovedStates<float>;
extern template class MovedStates<double>;

}  // namespace pushforward
