#include "graph/spline.hpp"

#include <cmath>
#include <stdexcept>

#include "graph/node.hpp"

namespace pushforward {
namespace {

SplineValue fused(Op op, Expr x, Expr parameters, const SplineShape& shape) {
  if (shape.bins < 1 || shape.bins > spline_most_bins)
    throw std::invalid_argument("spline: too few or too many bins");
  if (!(shape.bound > 0) || !std::isfinite(shape.bound))
    throw std::invalid_argument("spline: the bound is no positive number");
  if (parameters.rows() != x.rows() || parameters.columns() != (3 * shape.bins - 1) * x.columns())
    throw std::invalid_argument("spline: an element has 3 bins - 1 parameters");
  Node node{op, x.rows(), 2 * x.columns(), {x.node(), parameters.node()}};
  node.index = {shape.bins};
  node.scale = shape.bound;
  const Expr both = make_node(std::move(node));
  return {slice_columns(both, 0, x.columns()), slice_columns(both, x.columns(), x.columns())};
}

}  // namespace

SplineValue spline_encode(Expr x, Expr parameters, const SplineShape& shape) {
  return fused(Op::spline, x, parameters, shape);
}

SplineValue spline_decode(Expr z, Expr parameters, const SplineShape& shape) {
  return fused(Op::spline_inverse, z, parameters, shape);
}

}  // namespace pushforward
