// The row-major matrix of the toolkit outside the engine: rows x columns.
#pragma once

#include <xtensor/xtensor.hpp>

namespace pushforward {

template <class T>
using Matrix = xt::xtensor<T, 2>;

}  // namespace pushforward
