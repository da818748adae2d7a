// Runs a function of rows over many rows, lane by lane.
#pragma once

#include <functional>

#include "base/lanes.hpp"
#include "density/density.hpp"
#include "graph/plan.hpp"

namespace pushforward {

// Builds outputs, each [n, any number of columns], from x [n, columns].
using RowFunction = std::function<std::vector<Expr>(Scope scope, Expr x)>;

// Applies a RowFunction to blocks of rows. Rows are evaluated in lanes of fixed size, the last one
// padded by repeating a row, so that a row's result depends on that row alone.
template <class T>
class RowEvaluator {
 public:
  RowEvaluator(const RowFunction& function, const ParameterTable& parameters, int columns,
               Workers* workers, std::size_t lane = max_lane);
  static constexpr std::size_t max_lane = 256;

  // x is [rows, columns]; result i is [rows, widths()[i]].
  [[nodiscard]] std::vector<std::vector<T>> run(const T* x, std::size_t rows);
  [[nodiscard]] const std::vector<std::size_t>& widths() const { return compiled_.widths; }

 private:
  struct Compiled {
    Evaluator<T> evaluator;
    std::vector<std::size_t> widths;  // columns of each output
  };
  static Compiled compile(const RowFunction& function, const ParameterTable& parameters,
                          int columns, int workers, std::size_t lane);
  std::size_t columns_, lane_;
  Workers* workers_;
  Compiled compiled_;
};

extern template class RowEvaluator<float>;
extern template class RowEvaluator<double>;

}  // namespace pushforward
