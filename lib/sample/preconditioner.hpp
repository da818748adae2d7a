// Langevin and Hamiltonian moves preconditioned by a symmetric positive definite matrix M: the same
// moves in coordinates y, x = L y with M = L L', where ula for example is
// x + eps M s(x) + sqrt(2 eps) L z.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/matrix.hpp"
#include "sample/score_source.hpp"

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

// The score, and the log density if there is one, of y.
class PreconditionedScore : public ScoreSource {
 public:
  PreconditionedScore(std::unique_ptr<ScoreSource> source, const Preconditioner& preconditioner)
      : source_(std::move(source)), lower_(preconditioner.lower()) {}
  [[nodiscard]] int dimension() const override { return source_->dimension(); }
  [[nodiscard]] Expr score(Scope scope, Expr y, Expr sigma) const override;
  [[nodiscard]] bool has_log_density() const override { return source_->has_log_density(); }
  [[nodiscard]] Expr log_density(Scope scope, Expr y, Expr sigma) const override;
  [[nodiscard]] const ParameterTable& parameters() const override { return source_->parameters(); }

 private:
  [[nodiscard]] Expr lower(Scope scope) const;

  std::unique_ptr<ScoreSource> source_;
  Matrix<double> lower_;
};

}  // namespace pushforward
