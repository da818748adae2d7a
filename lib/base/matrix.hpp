// Row-major vectors and matrices for code outside the engine (graph/).
#pragma once

#include <array>
#include <cstddef>
#include <vector>
#include <xtensor/xadapt.hpp>
#include <xtensor/xtensor.hpp>

namespace pushforward {

template <class T>
using Vector = xt::xtensor<T, 1>;

template <class T>
using Matrix = xt::xtensor<T, 2>;  // rows x columns

// The numbers of a vector as a matrix, in place; they must outlive it.
template <class T>
[[nodiscard]] auto as_rows(std::vector<T>& numbers, std::size_t columns) {
  return xt::adapt(numbers, std::array<std::size_t, 2>{numbers.size() / columns, columns});
}
template <class T>
[[nodiscard]] auto as_rows(const std::vector<T>& numbers, std::size_t columns) {
  return xt::adapt(numbers, std::array<std::size_t, 2>{numbers.size() / columns, columns});
}

}  // namespace pushforward
