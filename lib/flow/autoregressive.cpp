#include "flow/autoregressive.hpp"

#include "flow/linear.hpp"
#include "graph/spline.hpp"
#include "nn/masked_network.hpp"

namespace pushforward {
namespace {

MaskedShape shape_of(const FlowSpec& spec, bool residual) {
  return {spec.hidden, spec.depth, residual};
}

// The map between columns in order: what MAF encodes with and IAF decodes with.
class AffineAutoregression {
 public:
  explicit AffineAutoregression(const FlowSpec& spec)
      : net_(spec.dimension, 2, shape_of(spec, false), spec.context) {}

  // z = (x - m(x)) exp(-s(x)), in one pass.
  [[nodiscard]] Mapped pass(Scope scope, Expr x, const Conditions& c) const {
    const Parts p = parts(scope, x, c);
    return {p.value, -sum_columns(p.log_scale)};
  }

  // x with pass(x) = z, without derivatives.
  [[nodiscard]] Mapped solve(Scope scope, Expr z, const Conditions& c) const {
    const Expr solved = autoregressive_solve(net_.network(), {0, max_log_scale}, z,
                                             net_.weights(scope / "net", z.rows(), c.context));
    return {slice_columns(solved, 0, z.columns()), slice_columns(solved, z.columns(), 1)};
  }

  // The same with derivatives, which follow from pass(x) - z = 0; the log-determinant costs another
  // pass.
  [[nodiscard]] Mapped solve_implicitly(Scope scope, Expr z, const Conditions& c) const {
    const Expr x = stop_gradient(solve(scope, z, c).value);
    const Parts p = parts(scope, x, c);
    std::vector<Expr> gates;
    for (const Expr sums : p.sums) gates.push_back(heaviside(sums));
    const Expr solution =
        implicit(net_.network(), x, p.value - z, exp(-p.log_scale), gradient(p.value, p.outputs),
                 gates, net_.weights(scope / "net", z.rows(), c.context).weights);
    return {solution, sum_columns(parts(scope, solution, c).log_scale)};
  }

 private:
  struct Parts {
    Expr outputs, log_scale, value;
    std::vector<Expr> sums;
  };
  [[nodiscard]] Parts parts(Scope scope, Expr x, const Conditions& c) const {
    const int d = x.columns();
    const MaskedNetwork::Pass pass = net_.run(scope / "net", x, c.context);
    const Expr shift = slice_columns(pass.outputs, 0, d);
    const Expr log_scale = bounded_log_scale(slice_columns(pass.outputs, d, d));
    return {pass.outputs, log_scale, (x - shift) * exp(-log_scale), pass.sums};
  }
  MaskedNetwork net_;
};

class MaskedAutoregressive : public Bijector {
 public:
  MaskedAutoregressive(const FlowSpec& spec, std::vector<int> order, bool inverse)
      : map_(spec), order_(std::move(order)), inverse_(inverse) {}

  [[nodiscard]] Mapped encode(Scope scope, Expr x, const Conditions& c) const override {
    return in_order(x, [&](Expr columns) {
      return inverse_ ? map_.solve_implicitly(scope, columns, c) : map_.pass(scope, columns, c);
    });
  }
  [[nodiscard]] Mapped decode(Scope scope, Expr z, const Conditions& c) const override {
    return in_order(z, [&](Expr columns) {
      return inverse_ ? map_.pass(scope, columns, c) : map_.solve(scope, columns, c);
    });
  }

 private:
  template <class Map>
  [[nodiscard]] Mapped in_order(Expr x, const Map& map) const {
    const Mapped mapped = map(gather_columns(x, order_));
    return {scatter_columns(mapped.value, order_, x.columns()), mapped.log_det};
  }
  AffineAutoregression map_;
  std::vector<int> order_;
  bool inverse_;
};

class SplineAutoregressive : public Bijector {
 public:
  explicit SplineAutoregressive(const FlowSpec& spec)
      : net_(spec.dimension, 3 * spec.bins - 1, shape_of(spec, true), spec.context),
        spline_{spec.bins, spec.bound} {}

  [[nodiscard]] Mapped encode(Scope scope, Expr x, const Conditions& c) const override {
    const SplineValue y = spline_encode(x, net_.run(scope / "net", x, c.context).outputs, spline_);
    return {y.value, sum_columns(y.log_slope)};
  }
  [[nodiscard]] Mapped decode(Scope scope, Expr z, const Conditions& c) const override {
    const Expr solved = autoregressive_solve(net_.network(), {spline_.bins, spline_.bound}, z,
                                             net_.weights(scope / "net", z.rows(), c.context));
    return {slice_columns(solved, 0, z.columns()), slice_columns(solved, z.columns(), 1)};
  }

 private:
  MaskedNetwork net_;
  SplineShape spline_;
};

std::vector<FlowLayer> affine_layers(const FlowSpec& spec, bool inverse) {
  std::vector<FlowLayer> layers;
  for (int i = 0; i < spec.layers; ++i)
    layers.push_back({"layer_" + std::to_string(i),
                      std::make_unique<MaskedAutoregressive>(
                          spec, spec.orders.at(static_cast<std::size_t>(i)), inverse)});
  return layers;
}

}  // namespace

std::vector<FlowLayer> maf_layers(const FlowSpec& spec) { return affine_layers(spec, false); }

std::vector<FlowLayer> iaf_layers(const FlowSpec& spec) { return affine_layers(spec, true); }

std::vector<FlowLayer> spline_autoregressive_layers(const FlowSpec& spec) {
  std::vector<FlowLayer> layers;
  for (int i = 0; i < spec.layers; ++i) {
    const std::string name = "layer_" + std::to_string(i);
    layers.push_back({name + "/linear", lu_linear(spec, i, LinearStart::identity)});
    layers.push_back({name + "/spline", std::make_unique<SplineAutoregressive>(spec)});
  }
  return layers;
}

}  // namespace pushforward
