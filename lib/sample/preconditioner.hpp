// Langevin and Hamiltonian chains preconditioned by a symmetric positive definite matrix M: the
// same chains in coordinates y, x = L y with M = L L', where ula for example is x + eps M s(x) +
// sqrt(2 eps) L z.
#pragma once

#include <string>
#include <vector>

#include "base/matrix.hpp"
#include "sample/chain_target.hpp"

namespace pushforward {

class Preconditioner {
 public:
  // A tensor container or CSV of [D, D] numbers. Error(invalid) naming the file where they are not
  // that, not symmetric within 1e-6 of the largest, or not positive definite.
  Preconditioner(const std::string& file, std::size_t dimension);
  explicit Preconditioner(Matrix<double> lower) : lower_(std::move(lower)) {}

  [[nodiscard]] const Matrix<double>& lower() const { return lower_; }  // L
  // count x D numbers in place, row by row: x to y, y to x.
  template <class T>
  void to_y(std::vector<T>* rows) const;
  template <class T>
  void to_x(std::vector<T>* rows) const;

 private:
  Matrix<double> lower_;
};

// The target in coordinates y: its score, and its log density if there is one.
[[nodiscard]] ChainTarget preconditioned_target(ChainTarget target,
                                                const Preconditioner& preconditioner);

}  // namespace pushforward
