#include "density/density.hpp"

#include <stdexcept>

namespace pushforward {

Expr Density::noised_log_density(Scope, Expr, Expr, Expr) const {
  throw std::logic_error("this density has no noised form");
}

const Bounds& Density::bounds() const {
  static const Bounds none;
  return none;
}

const ParameterTable& Density::parameters() const {
  static const ParameterTable none;
  return none;
}

}  // namespace pushforward
