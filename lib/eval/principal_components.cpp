#include "eval/principal_components.hpp"

#include <algorithm>
#include <cmath>
#include <xtensor/xmanipulation.hpp>
#include <xtensor/xmath.hpp>
#include <xtensor/xview.hpp>

#include "base/error.hpp"
#include "base/linear_algebra.hpp"
#include "eval/statistics.hpp"
#include "io/tensors.hpp"

namespace pushforward {
namespace {

constexpr std::size_t block = 512;  // rows

// Rows [first, first + count) in double.
Matrix<double> read_block(const Array& rows, std::size_t first, std::size_t count) {
  const std::size_t row = rows.row_size() * element_size(rows.type);
  const auto begin = rows.bytes.begin() + static_cast<std::ptrdiff_t>(first * row);
  Array part;
  part.type = rows.type;
  part.shape = {count, rows.row_size()};
  part.bytes.assign(begin, begin + static_cast<std::ptrdiff_t>(count * row));
  return tensor_of<double, 2>(part, {count, rows.row_size()});
}

// The sign of an eigenvector is arbitrary: makes the entry of largest modulus positive.
void fix_sign(double* vector, std::size_t size) {
  const double* largest = std::max_element(
      vector, vector + size, [](double a, double b) { return std::abs(a) < std::abs(b); });
  if (*largest < 0) std::transform(vector, vector + size, vector, [](double v) { return -v; });
}

template <class T>
void narrow(const Matrix<double>& from, T* to) {
  std::transform(from.begin(), from.end(), to, [](double v) { return static_cast<T>(v); });
}

}  // namespace

Array PrincipalComponents::project(const Array& rows) const {
  const std::size_t n = rows.rows(), k = deviations.size();
  const bool wide = rows.type == ElementType::float64;
  Array result = Array::make(wide ? ElementType::float64 : ElementType::float32, {n, k});
  for (std::size_t first = 0; first < n; first += block) {
    const std::size_t count = std::min(block, n - first);
    const Matrix<double> centred = read_block(rows, first, count) - mean;
    const Matrix<double> coordinates = matmul(centred, components, Transposed::no, Transposed::yes);
    if (wide)
      narrow(coordinates, result.data<double>() + first * k);
    else
      narrow(coordinates, result.data<float>() + first * k);
  }
  return result;
}

void PrincipalComponents::write(ContainerWriter* writer) const {
  Shape stacked = row_shape;
  stacked.insert(stacked.begin(), deviations.size());
  writer->write("/pca/mean", Array::of(mean.data(), row_shape));
  writer->write("/pca/components", Array::of(components.data(), stacked));
  writer->write("/pca/deviation", array_of(deviations));
}

PrincipalComponents principal_components(const Array& rows, std::size_t first, std::size_t end,
                                         std::size_t count, const std::string& name) {
  const std::size_t n = end - first, d = rows.row_size();
  if (n < 2) fail_invalid(name + ": one row has no principal components");
  if (count > std::min(n, d))
    fail_invalid(name + ": " + std::to_string(n) + " rows of " + std::to_string(d) +
                 " numbers have at most " + std::to_string(std::min(n, d)) +
                 " principal components, not " + std::to_string(count));
  Workers one(1);
  Statistics statistics(d);
  for (std::size_t at = first; at < end; at += block) {
    const std::size_t some = std::min(block, end - at);
    statistics.add(read_block(rows, at, some).data(), some, one);
  }
  if (!statistics.finite())
    fail_invalid(name + ": numbers are too large to be squared, scale them down");

  const SymmetricEigen eigen = symmetric_eigen(statistics.scatter());
  PrincipalComponents result;
  result.row_shape.assign(rows.shape.begin() + 1, rows.shape.end());
  result.mean = statistics.mean();
  // Eigenvalues ascend.
  const Matrix<double> vectors = xt::transpose(eigen.vectors);
  result.components = xt::view(xt::flip(vectors, 0), xt::range(0, count), xt::all());
  for (std::size_t k = 0; k < count; ++k) fix_sign(&result.components(k, 0), d);
  const Vector<double> variances = xt::flip(eigen.values, 0) / static_cast<double>(n - 1);
  result.deviations = xt::sqrt(xt::maximum(xt::view(variances, xt::range(0, count)), 0.0));
  return result;
}

}  // namespace pushforward
