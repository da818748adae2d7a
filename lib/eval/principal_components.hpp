// Principal components: the orthonormal directions along which rows vary most.
#pragma once

#include <cstddef>
#include <string>

#include "base/matrix.hpp"
#include "io/container.hpp"

namespace pushforward {

// The leading eigenvectors of the covariance of D columns (Pearson 1901; Hotelling 1933).
struct PrincipalComponents {
  Shape row_shape;            // of the rows that they were computed from; D numbers
  Vector<double> mean;        // [D]
  Matrix<double> components;  // [K, D], orthonormal rows; the entry of largest modulus is positive
  Vector<double> deviations;  // [K], of the projected rows (n - 1), descending

  // The coordinates [N, K] of `rows` [N, ...], which are flattened: components (x - mean). float64
  // if `rows` is, else float32. The inverse is mean + components' coordinates.
  [[nodiscard]] Array project(const Array& rows) const;

  // /pca/mean [row_shape], /pca/components [K, row_shape] and /pca/deviation [K], float64.
  void write(ContainerWriter* writer) const;
};

// The `count` leading components of rows [first, end) of `rows`, whose trailing extents are
// flattened to D. Memory is O(D^2), time O(rows D^2 + D^3).
// Error(invalid), beginning with `name`, if `count` is above the number of rows or of columns,
// there is one row only, or the covariance overflows.
[[nodiscard]] PrincipalComponents principal_components(const Array& rows, std::size_t first,
                                                       std::size_t end, std::size_t count,
                                                       const std::string& name);

}  // namespace pushforward
