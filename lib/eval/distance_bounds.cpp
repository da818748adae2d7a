#include "eval/distance_bounds.hpp"

#include <algorithm>
#include <array>

#include "base/error.hpp"
#include "base/linear_algebra.hpp"

namespace pushforward {
namespace {

void centre(const Matrix<double>& rows, const Vector<double>& origin, std::size_t first,
            std::size_t count, std::vector<double>* out) {
  const std::size_t d = origin.size();
  out->resize(std::max(out->size(), count * d));
  for (std::size_t i = 0; i < count; ++i)
    for (std::size_t j = 0; j < d; ++j) (*out)[i * d + j] = rows(first + i, j) - origin(j);
}

}  // namespace

double squared_distance(const double* x, const double* y, std::size_t d) {
  constexpr std::size_t width = 8;  // independent sums, so that none waits for another
  std::array<double, width> sums{};
  std::size_t j = 0;
  for (; j + width <= d; j += width)
    for (std::size_t k = 0; k < width; ++k)
      sums[k] += (x[j + k] - y[j + k]) * (x[j + k] - y[j + k]);
  for (; j < d; ++j) sums[0] += (x[j] - y[j]) * (x[j] - y[j]);
  return ((sums[0] + sums[4]) + (sums[2] + sums[6])) + ((sums[1] + sums[5]) + (sums[3] + sums[7]));
}

BoundedRows::BoundedRows(const Matrix<double>& set, const Vector<double>& origin)
    : rows(&set), norms(set.shape(0)) {
  for (std::size_t i = 0; i < norms.size(); ++i) {
    norms[i] = squared_distance(&set(i, 0), origin.data(), origin.size());
    if (!(norms[i] < std::numeric_limits<double>::max() / 16))
      fail_invalid("the numbers are too large for squared distances, scale them down");
  }
}

const double* DistanceBounds::products(std::size_t first, std::size_t rows, std::size_t column,
                                       std::size_t columns, Scratch* scratch) const {
  const std::size_t d = origin_->size();
  centre(*x_->rows, *origin_, first, rows, &scratch->x);
  centre(*y_->rows, *origin_, column, columns, &scratch->y);
  scratch->products.resize(std::max(scratch->products.size(), rows * columns));
  multiply(Transposed::no, Transposed::yes, rows, columns, d, scratch->x.data(), d,
           scratch->y.data(), d, 0, scratch->products.data(), columns);
  return scratch->products.data();
}

}  // namespace pushforward
