// Conversion between arrays of files and xtensor's tensors.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <vector>
#include <xtensor/xtensor.hpp>

#include "io/array.hpp"

namespace pushforward {

// The numbers of `array` converted to T; `shape` must hold as many.
template <class T, std::size_t N>
[[nodiscard]] xt::xtensor<T, N> tensor_of(const Array& array,
                                          const std::array<std::size_t, N>& shape) {
  xt::xtensor<T, N> tensor(shape);
  const std::vector<T> values = array.to<T>();
  std::copy(values.begin(), values.end(), tensor.begin());
  return tensor;
}

template <class T, std::size_t N>
[[nodiscard]] Array array_of(const xt::xtensor<T, N>& tensor) {
  return Array::of(tensor.data(), {tensor.shape().begin(), tensor.shape().end()});
}

}  // namespace pushforward
