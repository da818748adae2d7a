#include "io/permute.hpp"

#include <cstring>
#include <numeric>
#include <stdexcept>

namespace pushforward {

Array permuted(const Array& array, const std::vector<std::size_t>& axes) {
  const std::size_t rank = array.shape.size();
  if (axes.size() != rank) throw std::invalid_argument("permuted: an axis for each is needed");
  Shape old_stride(rank, 1), shape, stride, at(rank, 0);
  for (std::size_t d = rank; d-- > 1;) old_stride[d - 1] = old_stride[d] * array.shape[d];
  for (const std::size_t axis : axes) {
    shape.push_back(array.shape.at(axis));
    stride.push_back(old_stride[axis]);
  }
  Array result = Array::make(array.type, shape);
  const std::size_t element = element_size(array.type);
  std::size_t from = 0;
  for (std::size_t to = 0; to < result.bytes.size(); to += element) {
    std::memcpy(result.bytes.data() + to, array.bytes.data() + from * element, element);
    for (std::size_t d = rank; d-- > 0;) {
      from += stride[d];
      if (++at[d] < shape[d]) break;
      from -= stride[d] * shape[d];
      at[d] = 0;
    }
  }
  return result;
}

Array transposed(const Array& array) {
  std::vector<std::size_t> axes(array.shape.size());
  std::iota(axes.rbegin(), axes.rend(), std::size_t{0});
  return permuted(array, axes);
}

}  // namespace pushforward
