#include "flow/coupling.hpp"

#include "nn/layers.hpp"

namespace pushforward {
namespace {

// Columns of one parity are kept and condition those of the other; layers alternate.
struct Halves {
  std::vector<int> kept, moved;
  int dimension;
  Halves(int columns, int layer) : dimension(columns) {
    for (int j = 0; j < columns; ++j) (j % 2 == layer % 2 ? kept : moved).push_back(j);
  }
  [[nodiscard]] Expr join(Expr kept_values, Expr moved_values) const {
    return scatter_columns(kept_values, kept, dimension) +
           scatter_columns(moved_values, moved, dimension);
  }
};

MlpShape conditioner(const FlowSpec& spec) {
  MlpShape shape;
  shape.hidden = spec.hidden;
  shape.depth = spec.depth;
  shape.zero_output = true;  // a flow starts as the identity
  return shape;
}

class AdditiveCoupling : public Bijector {
 public:
  AdditiveCoupling(const FlowSpec& spec, int layer)
      : halves_(spec.dimension, layer), net_(conditioner(spec)) {}

  [[nodiscard]] Mapped encode(Scope scope, Expr x) const override { return shift(scope, x, 1); }
  [[nodiscard]] Mapped decode(Scope scope, Expr z) const override { return shift(scope, z, -1); }

 private:
  [[nodiscard]] Mapped shift(Scope scope, Expr x, double sign) const {
    const Expr kept = gather_columns(x, halves_.kept), moved = gather_columns(x, halves_.moved);
    const Expr by = mlp(scope / "net", kept, moved.columns(), net_);
    return {halves_.join(kept, moved + sign * by), broadcast(x.graph().constant(0), x.rows(), 1)};
  }
  Halves halves_;
  MlpShape net_;
};

class DiagonalScale : public Bijector {
 public:
  [[nodiscard]] Mapped encode(Scope scope, Expr x) const override {
    const Expr s = log_scale(scope, x);
    return {x * exp(s), broadcast(sum_columns(s), x.rows(), 1)};
  }
  [[nodiscard]] Mapped decode(Scope scope, Expr z) const override {
    const Expr s = log_scale(scope, z);
    return {z * exp(-s), broadcast(-sum_columns(s), z.rows(), 1)};
  }

 private:
  [[nodiscard]] static Expr log_scale(Scope scope, Expr x) {
    return scope.parameter("log_scale", 1, x.columns(), Initializer::zeros());
  }
};

class AffineCoupling : public Bijector {
 public:
  AffineCoupling(const FlowSpec& spec, int layer)
      : halves_(spec.dimension, layer), net_(conditioner(spec)) {}

  [[nodiscard]] Mapped encode(Scope scope, Expr x) const override {
    const Expr kept = gather_columns(x, halves_.kept), moved = gather_columns(x, halves_.moved);
    const Map map = parameters(scope, kept, moved.columns());
    return {halves_.join(kept, moved * exp(map.log_scale) + map.shift), sum_columns(map.log_scale)};
  }
  [[nodiscard]] Mapped decode(Scope scope, Expr z) const override {
    const Expr kept = gather_columns(z, halves_.kept), moved = gather_columns(z, halves_.moved);
    const Map map = parameters(scope, kept, moved.columns());
    return {halves_.join(kept, (moved - map.shift) * exp(-map.log_scale)),
            -sum_columns(map.log_scale)};
  }

 private:
  struct Map {
    Expr log_scale, shift;
  };
  [[nodiscard]] Map parameters(Scope scope, Expr kept, int columns) const {
    const Expr out = mlp(scope / "net", kept, 2 * columns, net_);
    const Expr size = scope.parameter("scale", 1, columns, Initializer::constant(1));
    return {size * tanh(slice_columns(out, 0, columns)), slice_columns(out, columns, columns)};
  }
  Halves halves_;
  MlpShape net_;
};

}  // namespace

std::vector<std::unique_ptr<Bijector>> nice_layers(const FlowSpec& spec) {
  std::vector<std::unique_ptr<Bijector>> layers;
  for (int i = 0; i < spec.layers; ++i)
    layers.push_back(std::make_unique<AdditiveCoupling>(spec, i));
  layers.push_back(std::make_unique<DiagonalScale>());
  return layers;
}

std::vector<std::unique_ptr<Bijector>> real_nvp_layers(const FlowSpec& spec) {
  std::vector<std::unique_ptr<Bijector>> layers;
  for (int i = 0; i < spec.layers; ++i) layers.push_back(std::make_unique<AffineCoupling>(spec, i));
  return layers;
}

}  // namespace pushforward
