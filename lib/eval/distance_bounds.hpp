// Bounds on squared distances from matrix products, so that only few need to be computed exactly.
#pragma once

#include <limits>
#include <vector>

#include "base/matrix.hpp"

namespace pushforward {

// |x - y|^2, summed in an order that depends on d alone: symmetric, and 0 for equal rows.
[[nodiscard]] double squared_distance(const double* x, const double* y, std::size_t d);

// Rows of a set, and an origin near them. Refers to the matrix, which must outlive it.
struct BoundedRows {
  // Error(invalid) if a square overflows.
  BoundedRows(const Matrix<double>& set, const Vector<double>& origin);

  const Matrix<double>* rows;
  std::vector<double> norms;  // |x - origin|^2
};

// squared_distance of row i of one set and row j of another lies between at_least and at_most. They
// differ by about 4 d epsilon times the rows' squared distances from the origin. The bound adds the
// rounding of the centred rows, of both norms, of their product and of squared_distance itself,
// (2 d + 6) epsilon (|x|^2 + |y|^2), and the underflow of d squares.
class DistanceBounds {
 public:
  DistanceBounds(const BoundedRows& x, const BoundedRows& y, const Vector<double>& origin)
      : x_(&x), y_(&y), origin_(&origin) {
    const double d = static_cast<double>(origin.size());
    share_ = (2 * d + 16) * std::numeric_limits<double>::epsilon();
    underflow_ = 8 * d * std::numeric_limits<double>::min();
  }

  // The products of the centred rows [first, first + rows) of x and [column, column + columns) of
  // y, row-major [rows, columns]. `scratch` is resized to hold the centred rows.
  struct Scratch {
    std::vector<double> x, y, products;
  };
  const double* products(std::size_t first, std::size_t rows, std::size_t column,
                         std::size_t columns, Scratch* scratch) const;

  [[nodiscard]] double at_least(std::size_t i, std::size_t j, double product) const {
    const double norms = x_->norms[i] + y_->norms[j];
    const double bound = norms - 2 * product - (share_ * norms + underflow_);
    return bound > 0 ? bound : 0;
  }
  [[nodiscard]] double at_most(std::size_t i, std::size_t j, double product) const {
    const double norms = x_->norms[i] + y_->norms[j];
    return norms - 2 * product + (share_ * norms + underflow_);
  }
  [[nodiscard]] double exactly(std::size_t i, std::size_t j) const {
    return squared_distance(&(*x_->rows)(i, 0), &(*y_->rows)(j, 0), origin_->size());
  }

 private:
  const BoundedRows *x_, *y_;
  const Vector<double>* origin_;
  double share_, underflow_;
};

}  // namespace pushforward
