#include "sample/preconditioner.hpp"

#include <xtensor/xmath.hpp>

#include "base/error.hpp"
#include "base/linear_algebra.hpp"
#include "io/array_file.hpp"
#include "io/tensors.hpp"

namespace pushforward {
namespace {

constexpr double symmetry_tolerance = 1e-6;  // of the largest entry

}  // namespace

Preconditioner::Preconditioner(const std::string& file, std::size_t dimension) {
  std::string source;
  const Array array = read_array_file(file, &source);
  if (array.shape != Shape{dimension, dimension})
    fail_invalid(source + ": is not the " + std::to_string(dimension) + " x " +
                 std::to_string(dimension) + " matrix that " + setting("preconditioner") +
                 " needs for this model");
  const Matrix<double> matrix = tensor_of<double, 2>(array, {dimension, dimension});
  if (!xt::all(xt::isfinite(matrix))) fail_invalid(source + ": holds a number that is not finite");
  if (!nearly_symmetric(matrix, symmetry_tolerance))
    fail_invalid(source + ": the matrix is not symmetric");
  lower_ = symmetric_part(matrix);
  if (!cholesky(&lower_)) fail_invalid(source + ": the matrix is not positive definite");
}

template <class T>
void Preconditioner::to_y(std::vector<T>* rows) const {
  const std::size_t dimension = lower_.shape(0);
  std::vector<double> y(dimension);
  for (std::size_t begin = 0; begin < rows->size(); begin += dimension) {
    for (std::size_t i = 0; i < dimension; ++i) {
      double rest = static_cast<double>((*rows)[begin + i]);
      for (std::size_t j = 0; j < i; ++j) rest -= lower_(i, j) * y[j];
      y[i] = rest / lower_(i, i);
    }
    for (std::size_t i = 0; i < dimension; ++i) (*rows)[begin + i] = static_cast<T>(y[i]);
  }
}

template <class T>
void Preconditioner::to_x(std::vector<T>* rows) const {
  const std::size_t dimension = lower_.shape(0);
  for (std::size_t begin = 0; begin < rows->size(); begin += dimension)
    for (std::size_t i = dimension; i-- > 0;) {  // downwards: entry i needs those up to i
      double sum = 0;
      for (std::size_t j = 0; j <= i; ++j)
        sum += lower_(i, j) * static_cast<double>((*rows)[begin + j]);
      (*rows)[begin + i] = static_cast<T>(sum);
    }
}

template void Preconditioner::to_y<float>(std::vector<float>*) const;
template void Preconditioner::to_y<double>(std::vector<double>*) const;
template void Preconditioner::to_x<float>(std::vector<float>*) const;
template void Preconditioner::to_x<double>(std::vector<double>*) const;

ChainTarget preconditioned_target(ChainTarget target, const Preconditioner& preconditioner) {
  const Matrix<double>& lower = preconditioner.lower();
  const auto factor = [dimension = target.dimension,
                       values = std::vector<double>(lower.begin(), lower.end())](Scope scope) {
    return scope.graph().constant(dimension, dimension, values);
  };
  const ScoreSource of_x = std::move(target.source);
  target.source = {};
  target.source.score = [=](Scope scope, Expr y, Expr sigma) {
    const Expr x = matmul(y, transpose(factor(scope)));
    return matmul(of_x.score(scope, x, sigma), factor(scope));
  };
  if (of_x.log_density)
    target.source.log_density = [=](Scope scope, Expr y, Expr sigma) {
      return of_x.log_density(scope, matmul(y, transpose(factor(scope))), sigma);
    };
  return target;
}

}  // namespace pushforward
