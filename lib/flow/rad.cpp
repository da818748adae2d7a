#include "flow/rad.hpp"

#include <cmath>

#include "nn/layers.hpp"

namespace pushforward {
namespace {

class RadBase : public Base {
 public:
  explicit RadBase(const FlowSpec& spec) : dimension_(spec.dimension) {
    gate_.hidden = spec.hidden;
    gate_.depth = spec.depth;
    gate_.zero_output = true;  // both sides alike: a standard normal
  }

  [[nodiscard]] Expr log_density(Scope scope, Expr z) const override {
    constexpr double log_two_over_pi = -0.45158270528945486473;
    const Expr v = abs(z);
    const Expr half_normal = 0.5 * log_two_over_pi - 0.5 * square(v);
    // log sigmoid(logit) on the positive side, log sigmoid(-logit) on the other.
    const Expr side = 2.0 * heaviside(z) - 1.0;
    return sum_columns(half_normal - softplus(-side * logits(scope, v)));
  }
  [[nodiscard]] int normal_columns() const override { return dimension_; }
  [[nodiscard]] int uniform_columns() const override { return dimension_; }
  [[nodiscard]] Expr draw(Scope scope, Expr normals, Expr uniforms,
                          double temperature) const override {
    const Expr v = temperature * abs(normals);
    return select(sigmoid(logits(scope, v)) - uniforms, v, -v);
  }

 private:
  [[nodiscard]] Expr logits(Scope scope, Expr v) const {
    return v * mlp(scope / "gate", v, dimension_, gate_);
  }
  int dimension_;
  MlpShape gate_;
};

}  // namespace

std::unique_ptr<Base> rad_base(const FlowSpec& spec) { return std::make_unique<RadBase>(spec); }

}  // namespace pushforward
