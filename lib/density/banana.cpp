#include "density/banana.hpp"

#include <cmath>

#include "base/constants.hpp"

namespace pushforward {

Expr Banana::log_density(Scope, Expr x) const {
  const Expr first = slice_columns(x, 0, 1), second = slice_columns(x, 1, 1);
  Expr squares =
      square(first) * (1 / (deviation_ * deviation_)) + square(second - curvature_ * square(first));
  if (dimension_ > 2) squares = squares + sum_columns(square(slice_columns(x, 2, dimension_ - 2)));
  return -0.5 * squares - (0.5 * dimension_ * log_two_pi + std::log(deviation_));
}

std::vector<ModelArray> Banana::arrays() const {
  return {{"deviation", Array::of(std::vector<double>{deviation_}, {1})},
          {"curvature", Array::of(std::vector<double>{curvature_}, {1})}};
}

}  // namespace pushforward
