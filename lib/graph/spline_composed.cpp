// The splines of spline.hpp from elementary operators. Formulas as in kernels/spline.hpp.
#include "graph/node.hpp"
#include "graph/spline.hpp"

namespace pushforward {
namespace {

using Columns = std::vector<Expr>;

struct Bin {
  Expr left, width, bottom, height, left_derivative, right_derivative;
};

// The knots between -bound and bound, both included, that the softmax of `parameters` gives.
Columns knots_of(const Columns& parameters, double bound, double least) {
  Expr most = stop_gradient(parameters[0]);  // cancels in value, so it does in derivatives
  for (const Expr parameter : parameters)
    most = select(parameter - most, stop_gradient(parameter), most);
  Columns terms;
  for (const Expr parameter : parameters) terms.push_back(exp(parameter - most));
  Expr sum_of_terms = terms[0];
  for (std::size_t k = 1; k < terms.size(); ++k) sum_of_terms = sum_of_terms + terms[k];
  const double free_range = 2 * bound * (1 - static_cast<double>(terms.size()) * least);
  Columns knots = {filled(most.graph(), most.rows(), most.columns(), -bound)};
  for (std::size_t k = 0; k + 1 < terms.size(); ++k)
    knots.push_back(knots.back() + (free_range * (terms[k] / sum_of_terms) + 2 * bound * least));
  knots.push_back(filled(most.graph(), most.rows(), most.columns(), bound));
  return knots;
}

enum class Axis { x, z };

// The bin in which a point of (-bound, bound), on the given axis, lies.
Bin find_bin(Axis axis, Expr at, Expr parameters, const SplineShape& shape) {
  const auto part = [&](int first, int count) {
    Columns columns;
    for (int p = first; p < first + count; ++p)
      columns.push_back(slice_columns(parameters, p * at.columns(), at.columns()));
    return columns;
  };
  const Columns x = knots_of(part(0, shape.bins), shape.bound, spline_least_width);
  const Columns z = knots_of(part(shape.bins, shape.bins), shape.bound, spline_least_height);
  Columns derivatives = {filled(at.graph(), at.rows(), at.columns(), 1)};
  for (const Expr parameter : part(2 * shape.bins, shape.bins - 1))
    derivatives.push_back(softplus(parameter + spline_derivative_shift) + spline_least_derivative);
  derivatives.push_back(derivatives[0]);
  Expr left = x[0], right = x[1], bottom = z[0], top = z[1];
  Expr d0 = derivatives[0], d1 = derivatives[1];
  for (std::size_t k = 1; k < static_cast<std::size_t>(shape.bins); ++k) {
    const Expr short_of = (axis == Axis::x ? x[k] : z[k]) - at;
    left = select(short_of, left, x[k]);
    right = select(short_of, right, x[k + 1]);
    bottom = select(short_of, bottom, z[k]);
    top = select(short_of, top, z[k + 1]);
    d0 = select(short_of, d0, derivatives[k]);
    d1 = select(short_of, d1, derivatives[k + 1]);
  }
  return {left, right - left, bottom, top - bottom, d0, d1};
}

Expr denominator_at(Expr xi, Expr s, const Bin& bin) {
  const Expr q = xi * (1.0 - xi);
  return s * (1.0 - 2.0 * q) + (bin.left_derivative + bin.right_derivative) * q;
}

Expr log_slope_at(Expr xi, Expr s, const Bin& bin) {
  const Expr rest = 1.0 - xi, denominator = denominator_at(xi, s, bin);
  const Expr numerator =
      xi * (bin.right_derivative * xi + 2.0 * s * rest) + bin.left_derivative * square(rest);
  return log((numerator / denominator) * (square(s) / denominator));
}

}  // namespace

SplineValue composed_spline_encode(Expr x, Expr parameters, const SplineShape& shape) {
  const Expr zero = filled(x.graph(), x.rows(), x.columns(), 0);
  const Expr inside = shape.bound - abs(x);
  const Expr at = select(inside, x, zero);
  const Bin bin = find_bin(Axis::x, at, parameters, shape);
  const Expr xi = (at - bin.left) / bin.width, s = bin.height / bin.width;
  const Expr rise = xi * (s * xi + bin.left_derivative * (1.0 - xi)) / denominator_at(xi, s, bin);
  return {select(inside, bin.bottom + bin.height * rise, x),
          select(inside, log_slope_at(xi, s, bin), zero)};
}

SplineValue composed_spline_decode(Expr z, Expr parameters, const SplineShape& shape) {
  const Expr zero = filled(z.graph(), z.rows(), z.columns(), 0);
  const Expr inside = shape.bound - abs(z);
  const Expr at = select(inside, z, zero);
  const Bin bin = find_bin(Axis::z, at, parameters, shape);
  const Expr s = bin.height / bin.width, rise = at - bin.bottom;
  const Expr bend = rise * (bin.left_derivative + bin.right_derivative - 2.0 * s);
  const Expr a = bin.height * (s - bin.left_derivative) + bend;
  const Expr b = bin.height * bin.left_derivative - bend, minus_c = s * rise;
  // Clamped a little above 0, where the root has a derivative.
  const double least = 1e-30;
  const Expr root = sqrt(relu(square(b) + 4.0 * (a * minus_c) - least) + least);
  const Expr sum_of_both = abs(b) + root;
  const Expr xi = select(b, 2.0 * minus_c, sum_of_both) / select(b, sum_of_both, 2.0 * a);
  return {select(inside, bin.left + bin.width * xi, z),
          select(inside, -log_slope_at(xi, s, bin), zero)};
}

}  // namespace pushforward
