#include "density/funnel.hpp"

#include <cmath>

#include "base/constants.hpp"

namespace pushforward {

Expr Funnel::log_density(Scope, Expr x) const {
  const int others = dimension_ - 1;
  const Expr neck = slice_columns(x, 0, 1);
  const Expr square_sum = sum_columns(square(slice_columns(x, 1, others)));
  const Expr log_neck = square(neck) * (-0.5 / (deviation_ * deviation_));
  return log_neck - 0.5 * (square_sum * exp(-neck) + static_cast<double>(others) * neck) -
         (0.5 * dimension_ * log_two_pi + std::log(deviation_));
}

std::vector<ModelArray> Funnel::arrays() const {
  return {{"deviation", Array::of(std::vector<double>{deviation_}, {1})}};
}

}  // namespace pushforward
