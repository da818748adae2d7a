// Bounds of columns, and the map that takes them away.
#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "graph/expr.hpp"

namespace pushforward {

// For each column of x a lower and an upper bound, which may be infinite; empty where no column has
// any. The unbounded number y of a column is log(x - a) - log(b - x) between two bounds a and b,
// log(x - a) above one, log(b - x) below one, and x without.
struct Bounds {
  std::vector<double> lower, upper;

  [[nodiscard]] bool none() const { return lower.empty(); }
  // Of one number of column j.
  [[nodiscard]] double to_unbounded(std::size_t j, double x) const;
  [[nodiscard]] double to_bounded(std::size_t j, double y) const;
  // Whether x is a number between the bounds of column j, and on none.
  [[nodiscard]] bool inside(std::size_t j, double x) const { return lower[j] < x && x < upper[j]; }

  // Rows of all columns in place. A number that is rounded to a bound becomes the next one inside.
  template <class T>
  void to_bounded(std::vector<T>* rows) const {
    for (std::size_t i = 0; !none() && i < rows->size(); ++i) {
      const std::size_t j = i % lower.size();
      T& x = (*rows)[i];
      x = static_cast<T>(to_bounded(j, static_cast<double>(x)));
      while (static_cast<double>(x) <= lower[j])
        x = std::nextafter(x, std::numeric_limits<T>::max());
      while (static_cast<double>(x) >= upper[j])
        x = std::nextafter(x, std::numeric_limits<T>::lowest());
    }
  }
  // Error(invalid), naming the row and the column, for a number that is not inside; `first` is the
  // number of the first row, and `name` begins the message.
  void to_unbounded(std::vector<double>* rows, std::uint64_t first, const std::string& name) const;

  // x of y, [n, D], and log |det dx/dy|, [n, 1].
  [[nodiscard]] Expr to_bounded(Expr y) const;
  [[nodiscard]] Expr log_jacobian(Expr y) const;
  // [n, 1]: above 0 where a number of x [n, D] is outside of its bounds; none where none can be.
  [[nodiscard]] Expr outside(Expr x) const;
};

}  // namespace pushforward
