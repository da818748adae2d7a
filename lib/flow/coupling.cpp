#include "flow/coupling.hpp"

#include "flow/linear.hpp"
#include "flow/normalization.hpp"
#include "graph/spline.hpp"
#include "nn/layers.hpp"

namespace pushforward {
namespace {

// What couplings have in common: which columns are kept, and the network that sees them.
class Coupling : public Bijector {
 public:
  Coupling(const FlowSpec& spec, int layer) : dimension_(spec.dimension) {
    for (int j = 0; j < dimension_; ++j) (j % 2 == layer % 2 ? kept_ : moved_).push_back(j);
    net_.hidden = spec.hidden;
    net_.depth = spec.depth;
    net_.zero_output = true;  // a flow starts as the identity
  }

 protected:
  [[nodiscard]] Expr kept(Expr x) const { return gather_columns(x, kept_); }
  [[nodiscard]] Expr moved(Expr x) const { return gather_columns(x, moved_); }
  [[nodiscard]] Expr join(Expr x, Expr new_moved) const {
    return scatter_columns(kept(x), kept_, dimension_) +
           scatter_columns(new_moved, moved_, dimension_);
  }
  [[nodiscard]] int moved_count() const { return static_cast<int>(moved_.size()); }
  // What the network is given.
  [[nodiscard]] Expr seen(Expr x, const Conditions& c) const {
    return c.context.valid() ? hstack({kept(x), c.context}) : kept(x);
  }
  [[nodiscard]] const MlpShape& net() const { return net_; }

 private:
  int dimension_;
  std::vector<int> kept_, moved_;
  MlpShape net_;
};

class AdditiveCoupling : public Coupling {
 public:
  using Coupling::Coupling;
  [[nodiscard]] Mapped encode(Scope scope, Expr x, const Conditions& c) const override {
    return shift(scope, x, c, 1);
  }
  [[nodiscard]] Mapped decode(Scope scope, Expr z, const Conditions& c) const override {
    return shift(scope, z, c, -1);
  }

 private:
  [[nodiscard]] Mapped shift(Scope scope, Expr x, const Conditions& c, double sign) const {
    const Expr by = mlp(scope / "net", seen(x, c), moved_count(), net());
    return {join(x, moved(x) + sign * by), broadcast(x.graph().constant(0), x.rows(), 1)};
  }
};

class DiagonalScale : public Bijector {
 public:
  [[nodiscard]] Mapped encode(Scope scope, Expr x, const Conditions&) const override {
    const Expr s = log_scale(scope, x);
    return {x * exp(s), broadcast(sum_columns(s), x.rows(), 1)};
  }
  [[nodiscard]] Mapped decode(Scope scope, Expr z, const Conditions&) const override {
    const Expr s = log_scale(scope, z);
    return {z * exp(-s), broadcast(-sum_columns(s), z.rows(), 1)};
  }

 private:
  [[nodiscard]] static Expr log_scale(Scope scope, Expr x) {
    return scope.parameter("log_scale", 1, x.columns(), Initializer::zeros());
  }
};

class AffineCoupling : public Coupling {
 public:
  using Coupling::Coupling;
  [[nodiscard]] Mapped encode(Scope scope, Expr x, const Conditions& c) const override {
    const Map map = parameters(scope, x, c);
    return {join(x, moved(x) * exp(map.log_scale) + map.shift), sum_columns(map.log_scale)};
  }
  [[nodiscard]] Mapped decode(Scope scope, Expr z, const Conditions& c) const override {
    const Map map = parameters(scope, z, c);
    return {join(z, (moved(z) - map.shift) * exp(-map.log_scale)), -sum_columns(map.log_scale)};
  }

 private:
  struct Map {
    Expr log_scale, shift;
  };
  [[nodiscard]] Map parameters(Scope scope, Expr x, const Conditions& c) const {
    const int columns = moved_count();
    const Expr out = mlp(scope / "net", seen(x, c), 2 * columns, net());
    const Expr size = scope.parameter("scale", 1, columns, Initializer::constant(1));
    return {size * tanh(slice_columns(out, 0, columns)), slice_columns(out, columns, columns)};
  }
};

class SplineCoupling : public Coupling {
 public:
  SplineCoupling(const FlowSpec& spec, int layer)
      : Coupling(spec, layer), spline_{spec.bins, spec.bound} {}

  [[nodiscard]] Mapped encode(Scope scope, Expr x, const Conditions& c) const override {
    const SplineValue y = spline_encode(moved(x), parameters(scope, x, c), spline_);
    return {join(x, y.value), sum_columns(y.log_slope)};
  }
  [[nodiscard]] Mapped decode(Scope scope, Expr z, const Conditions& c) const override {
    const SplineValue x = spline_decode(moved(z), parameters(scope, z, c), spline_);
    return {join(z, x.value), sum_columns(x.log_slope)};
  }

 private:
  [[nodiscard]] Expr parameters(Scope scope, Expr x, const Conditions& c) const {
    return residual_network(scope / "net", seen(x, c), (3 * spline_.bins - 1) * moved_count(),
                            net());
  }
  SplineShape spline_;
};

std::string layer_name(int i) { return "layer_" + std::to_string(i); }

}  // namespace

std::unique_ptr<Bijector> diagonal_scale() { return std::make_unique<DiagonalScale>(); }

std::vector<FlowLayer> nice_layers(const FlowSpec& spec) {
  std::vector<FlowLayer> layers;
  for (int i = 0; i < spec.layers; ++i)
    layers.push_back({layer_name(i), std::make_unique<AdditiveCoupling>(spec, i)});
  layers.push_back({layer_name(spec.layers), diagonal_scale()});
  return layers;
}

std::vector<FlowLayer> real_nvp_layers(const FlowSpec& spec) {
  std::vector<FlowLayer> layers;
  for (int i = 0; i < spec.layers; ++i)
    layers.push_back({layer_name(i), std::make_unique<AffineCoupling>(spec, i)});
  return layers;
}

std::vector<FlowLayer> glow_layers(const FlowSpec& spec) {
  std::vector<FlowLayer> layers;
  for (int i = 0; i < spec.layers; ++i) {
    layers.push_back({layer_name(i) + "/norm", activation_norm()});
    layers.push_back({layer_name(i) + "/linear", lu_linear(spec, i, LinearStart::rotation)});
    layers.push_back({layer_name(i) + "/coupling", std::make_unique<AffineCoupling>(spec, i)});
  }
  return layers;
}

std::vector<FlowLayer> spline_layers(const FlowSpec& spec) {
  std::vector<FlowLayer> layers;
  for (int i = 0; i < spec.layers; ++i) {
    layers.push_back({layer_name(i) + "/linear", lu_linear(spec, i, LinearStart::identity)});
    layers.push_back({layer_name(i) + "/spline", std::make_unique<SplineCoupling>(spec, i)});
  }
  return layers;
}

}  // namespace pushforward
