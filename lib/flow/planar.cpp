#include "flow/planar.hpp"

#include <cmath>

namespace pushforward {
namespace {

// The root lies within |w'u^| of w'z; halved this often the bracket is below double's spacing.
constexpr int bisections = 60;

class Planar : public Bijector {
 public:
  [[nodiscard]] Mapped encode(Scope scope, Expr x, const Conditions&) const override {
    const Plane p = plane(scope, x.columns());
    const Expr bent = tanh(matmul(x, transpose(p.normal)) + p.offset);
    return {x + bent * p.direction, log(1.0 + p.slope * (1.0 - square(bent)))};
  }

  [[nodiscard]] Mapped decode(Scope scope, Expr z, const Conditions&) const override {
    const Plane p = plane(scope, z.columns());
    const Expr target = matmul(z, transpose(p.normal));
    const Expr reach = abs(p.slope);
    Expr low = target - reach, high = target + reach;
    for (int i = 0; i < bisections; ++i) {
      const Expr middle = 0.5 * (low + high);
      const Expr excess = middle + p.slope * tanh(middle + p.offset) - target;
      high = select(excess, middle, high);
      low = select(excess, low, middle);
    }
    const Expr bent = tanh(0.5 * (low + high) + p.offset);
    return {z - bent * p.direction, -log(1.0 + p.slope * (1.0 - square(bent)))};
  }

 private:
  struct Plane {
    Expr normal;     // w, [1, D]
    Expr direction;  // u^, [1, D]
    Expr slope;      // w'u^ > -1, [1, 1]
    Expr offset;     // b, [1, 1]
  };

  [[nodiscard]] static Plane plane(Scope scope, int columns) {
    const double start = 1 / std::sqrt(double(columns));
    const Expr w = scope.parameter("w", 1, columns, Initializer::normal(start));
    const Expr u = scope.parameter("u", 1, columns, Initializer::normal(0.1 * start));
    const Expr b = scope.parameter("b", 1, 1, Initializer::zeros());
    // The constant keeps w = 0, where the correction has no direction, from dividing by zero; the
    // slope is worked out from the direction, so the two belong together all the same.
    const Expr size = sum_columns(square(w)) + 1e-12;
    const Expr inner = sum_columns(w * u);
    const Expr direction = u + (softplus(inner) - 1.0 - inner) / size * w;
    return {w, direction, sum_columns(w * direction), b};
  }
};

}  // namespace

std::vector<FlowLayer> planar_layers(const FlowSpec& spec) {
  std::vector<FlowLayer> layers;
  for (int i = 0; i < spec.layers; ++i)
    layers.push_back({"layer_" + std::to_string(i), std::make_unique<Planar>()});
  return layers;
}

}  // namespace pushforward
