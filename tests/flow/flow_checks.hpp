// What tests of flows measure: maps of rows, and their log-determinants by a numeric Jacobian.
#pragma once

#include <cmath>
#include <vector>

#include "density/row_evaluator.hpp"
#include "flow/flow.hpp"

namespace pushforward {

// Moves every parameter away from its start, so that nothing is the identity: in proportion to what
// a unit adds up, so that networks of any width are as bent.
inline void shake(ParameterTable* table, double size) {
  std::vector<double> noise(table->size());
  Random(9, Stream::parameters).fill_normal(noise.data(), 1, noise.size(), 0);
  for (const Parameter& p : table->list()) {
    const std::size_t count = static_cast<std::size_t>(p.rows) * std::size_t(p.columns);
    for (std::size_t i = p.offset; i < p.offset + count; ++i)
      table->values[i] += size / std::sqrt(double(p.rows)) * noise[i];
  }
}

template <class T>
std::vector<std::vector<T>> evaluate_rows(const RowFunction& function, const ParameterTable& table,
                                          int columns, const std::vector<T>& x, int threads = 1,
                                          std::size_t lane = RowEvaluator<T>::max_lane) {
  Workers workers(threads);
  RowEvaluator<T> evaluator(function, table, columns, &workers, lane);
  return evaluator.run(x.data(), x.size() / static_cast<std::size_t>(columns));
}
template <class T>
std::vector<std::vector<T>> evaluate_rows(const Flow& flow, const RowFunction& function,
                                          const std::vector<T>& x, int threads = 1,
                                          std::size_t lane = RowEvaluator<T>::max_lane) {
  const int columns = flow.dimension() + flow.context_columns();
  return evaluate_rows(function, flow.parameters(), columns, x, threads, flow.lane_rows(lane));
}

inline RowFunction encoding(const Flow& flow) {
  return [&flow](Scope scope, Expr x) {
    const Mapped z = flow.encode(scope, x);
    return std::vector<Expr>{z.value, z.log_det};
  };
}
inline RowFunction decoding(const Flow& flow) {
  return [&flow](Scope scope, Expr z) {
    const Mapped x = flow.decode(scope, z);
    return std::vector<Expr>{x.value, x.log_det};
  };
}
inline RowFunction density(const Flow& flow) {
  return [&flow](Scope scope, Expr x) { return std::vector<Expr>{flow.log_density(scope, x)}; };
}

template <class T>
std::vector<T> normals(std::size_t rows, int columns, double scale) {
  std::vector<T> x(rows * static_cast<std::size_t>(columns));
  Random(2, Stream::evaluation).fill_normal(x.data(), rows, static_cast<std::size_t>(columns), 0);
  for (T& v : x) v *= static_cast<T>(scale);
  return x;
}

// log |det| by elimination with partial pivoting.
inline double log_abs_det(std::vector<double> a, std::size_t n) {
  double result = 0;
  for (std::size_t k = 0; k < n; ++k) {
    std::size_t pivot = k;
    for (std::size_t i = k; i < n; ++i)
      if (std::abs(a[i * n + k]) > std::abs(a[pivot * n + k])) pivot = i;
    for (std::size_t j = 0; j < n; ++j) std::swap(a[k * n + j], a[pivot * n + j]);
    result += std::log(std::abs(a[k * n + k]));
    for (std::size_t i = k + 1; i < n; ++i) {
      const double factor = a[i * n + k] / a[k * n + k];
      for (std::size_t j = k; j < n; ++j) a[i * n + j] -= factor * a[k * n + j];
    }
  }
  return result;
}

// log |det| of the Jacobian of the first output of `function` at a row [x | context], by x, by
// differences of the fourth order. The output has as many columns as x.
inline double numeric_log_det(const RowFunction& function, const ParameterTable& table,
                              const std::vector<double>& row) {
  const double h = 2e-6;  // small: networks of ReLU have kinks
  const int columns = static_cast<int>(row.size());
  const std::size_t n = evaluate_rows(function, table, columns, row, 1, 1)[0].size();
  std::vector<double> moved;
  for (std::size_t j = 0; j < n; ++j)
    for (const double step : {-2.0, -1.0, 1.0, 2.0}) {
      moved.insert(moved.end(), row.begin(), row.end());
      moved[moved.size() - row.size() + j] += step * h;
    }
  const auto f = evaluate_rows(function, table, columns, moved, 1, 64)[0];
  std::vector<double> jacobian(n * n);
  for (std::size_t j = 0; j < n; ++j)
    for (std::size_t i = 0; i < n; ++i) {
      const auto at = [&](std::size_t k) { return f[(4 * j + k) * n + i]; };
      jacobian[i * n + j] = (at(0) - 8 * at(1) + 8 * at(2) - at(3)) / (12 * h);
    }
  return log_abs_det(std::move(jacobian), n);
}

}  // namespace pushforward
