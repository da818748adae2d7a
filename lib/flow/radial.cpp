#include "flow/radial.hpp"

#include <cmath>

namespace pushforward {
namespace {

// Distance of each row from 0, with a derivative at 0 too.
Expr length(Expr x) { return sqrt(sum_columns(square(x)) + 1e-30); }

class Radial : public Bijector {
 public:
  [[nodiscard]] Mapped encode(Scope scope, Expr x, const Conditions&) const override {
    const Ball ball = parameters(scope, x.columns());
    const Expr from_centre = x - ball.centre;
    const Expr stretch = stretch_at(ball, length(from_centre));
    return {ball.centre + stretch * from_centre, log_det(ball, length(from_centre), x.columns())};
  }

  [[nodiscard]] Mapped decode(Scope scope, Expr z, const Conditions&) const override {
    const Ball ball = parameters(scope, z.columns());
    const Expr from_centre = z - ball.centre;
    const Expr distance = length(from_centre);
    // r^2 + p r - alpha distance = 0 with p = alpha + beta - distance; the positive root, by the
    // form that adds numbers of one sign.
    const Expr p = ball.reach - distance;
    const Expr product = ball.alpha * distance;
    const Expr root = sqrt(square(p) + 4.0 * product);
    const Expr r = select(p, 2.0 * product / (abs(p) + root), 0.5 * (abs(p) + root));
    return {ball.centre + from_centre / stretch_at(ball, r), -log_det(ball, r, z.columns())};
  }

 private:
  struct Ball {
    Expr centre;  // [1, D]
    Expr alpha;   // > 0
    Expr reach;   // alpha + beta > 0
  };

  [[nodiscard]] static Ball parameters(Scope scope, int columns) {
    // softplus(0.5413) = 1: alpha is 1 and beta 0 at the start.
    const Expr alpha = scope.parameter("alpha", 1, 1, Initializer::constant(0.54132485461291805));
    const Expr reach = scope.parameter("reach", 1, 1, Initializer::constant(0.54132485461291805));
    const Expr centre = scope.parameter("centre", 1, columns, Initializer::normal(1));
    return {centre, softplus(alpha), softplus(reach)};
  }
  // 1 + beta h(r) = (alpha + beta + r) / (alpha + r), a quotient of positive numbers.
  [[nodiscard]] static Expr stretch_at(const Ball& ball, Expr r) {
    return (ball.reach + r) / (ball.alpha + r);
  }
  // 1 + beta h + beta h' r = 1 + beta alpha / (alpha + r)^2, put over one denominator:
  // (r^2 + 2 alpha r + alpha (alpha + beta)) / (alpha + r)^2, again of positive numbers.
  [[nodiscard]] static Expr log_det(const Ball& ball, Expr r, int columns) {
    const Expr along =
        log(square(r) + 2.0 * ball.alpha * r + ball.alpha * ball.reach) - 2.0 * log(ball.alpha + r);
    return double(columns - 1) * log(stretch_at(ball, r)) + along;
  }
};

}  // namespace

std::vector<FlowLayer> radial_layers(const FlowSpec& spec) {
  std::vector<FlowLayer> layers;
  for (int i = 0; i < spec.layers; ++i)
    layers.push_back({"layer_" + std::to_string(i), std::make_unique<Radial>()});
  return layers;
}

}  // namespace pushforward
