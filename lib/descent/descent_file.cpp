#include "descent/descent_file.hpp"

#include <algorithm>

#include "io/carried_rows.hpp"
#include "io/checks.hpp"
#include "io/names.hpp"

namespace pushforward {
namespace {

constexpr std::size_t block_numbers = std::size_t{1} << 22;

Shape with_extents(std::vector<std::size_t> extents, const Shape& row_shape) {
  extents.insert(extents.end(), row_shape.begin(), row_shape.end());
  return extents;
}

}  // namespace

template <class T>
void write_moved_rows(ContainerWriter* writer, const RowReader& source, const std::vector<T>& rows,
                      const std::vector<std::size_t>& ancestor) {
  require_finite_results(rows, source.columns(), 0, source.container().name() + ": moved row");
  writer->write("/x", Array::of(rows, with_extents({ancestor.size()}, source.row_shape())));
  copy_names(source.container(), source.info().path, writer, "/x");
  CarriedRows(source.container(), {"/log_density", "/score", "/log_det"})
      .write_in_order(ancestor, writer);
}

template <class T>
void MovedStates<T>::add(std::int64_t step, const std::vector<T>& rows) {
  steps_.push_back(step);
  values_.insert(values_.end(), rows.begin(), rows.end());
}

template <class T>
void MovedStates<T>::write(ContainerWriter* writer, const Shape& row_shape) const {
  const std::size_t states = steps_.size(), dimension = product(row_shape);
  const std::size_t numbers = values_.size() / states, rows = numbers / dimension;
  const std::size_t block = std::max<std::size_t>(1, block_numbers / (states * dimension));
  writer->create_rows("/x", element_type<T>(), with_extents({states}, row_shape));
  writer->write("/trajectory/step", Array::of(steps_, {states}));
  for (std::size_t first = 0; first < rows; first += block) {
    const std::size_t count = std::min(block, rows - first);
    std::vector<T> paths(count * states * dimension);
    for (std::size_t i = 0; i < count; ++i)
      for (std::size_t s = 0; s < states; ++s)
        std::copy_n(values_.data() + s * numbers + (first + i) * dimension, dimension,
                    paths.data() + (i * states + s) * dimension);
    require_finite_results(paths, states * dimension, first, "a state of the trajectory of row");
    writer->append_rows("/x", Array::of(paths, with_extents({count, states}, row_shape)));
  }
}

template void write_moved_rows<float>(ContainerWriter*, const RowReader&, const std::vector<float>&,
                                      const std::vector<std::size_t>&);
template void write_moved_rows<double>(ContainerWriter*, const RowReader&,
                                       const std::vector<double>&, const std::vector<std::size_t>&);
template class MovedStates<float>;
template class MovedStates<double>;

}  // namespace pushforward
