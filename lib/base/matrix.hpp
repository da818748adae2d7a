// Row-major vectors and matrices for code outside the engine (graph/).
#pragma once

#include <xtensor/xtensor.hpp>

namespace pushforward {

template <class T>
using Vector = xt::xtensor<T, 1>;

template <class T>
using Matrix = xt::xtensor<T, 2>;  // rows x columns

}  // namespace pushforward
