// An invertible map, the part a flow is made of.
#pragma once

#include "nn/parameters.hpp"

namespace pushforward {

// A map's value and the logarithm of its Jacobian determinant's size, a number a row.
struct Mapped {
  Expr value;    // [n, D]
  Expr log_det;  // [n, 1], of the map that gave `value`
};

class Bijector {
 public:
  virtual ~Bijector() = default;
  [[nodiscard]] virtual Mapped encode(Scope scope, Expr x) const = 0;  // data to noise
  [[nodiscard]] virtual Mapped decode(Scope scope, Expr z) const = 0;  // noise to data
};

}  // namespace pushforward
