#include "density/gaussian_mixture.hpp"

#include <cmath>
#include <limits>
#include <utility>
#include <xtensor/xadapt.hpp>
#include <xtensor/xbuilder.hpp>
#include <xtensor/xmath.hpp>
#include <xtensor/xview.hpp>

#include "base/constants.hpp"
#include "base/error.hpp"
#include "base/linear_algebra.hpp"
#include "base/precision.hpp"
#include "io/tensors.hpp"

namespace pushforward {
namespace {

Matrix<double> covariance_of(const MixtureParameters& m, std::size_t k) {
  return xt::view(m.covariances, k, xt::all(), xt::all());
}

template <class Tensor>
void require_finite(const Tensor& values, const std::string& source) {
  if (!xt::all(xt::isfinite(values))) fail_invalid(source + ": holds a number that is not finite");
}

std::string component(std::size_t k) { return "component " + std::to_string(k + 1); }

// Equal weights, covariances deviation^2 I.
MixtureParameters isotropic_mixture(Matrix<double> means, double deviation) {
  const std::size_t count = means.shape(0), d = means.shape(1);
  MixtureParameters m;
  m.weights = xt::ones<double>({count}) / static_cast<double>(count);
  m.means = std::move(means);
  m.covariances = xt::broadcast(deviation * deviation * xt::eye<double>(d), {count, d, d});
  return m;
}

bool is_isotropic(const Matrix<double>& covariance) {
  return covariance == covariance(0, 0) * xt::eye<double>(covariance.shape(0));
}

template <class Tensor>
Expr row(Graph& graph, const Tensor& values) {
  return graph.constant(1, static_cast<int>(values.size()), {values.begin(), values.end()});
}

Expr square_constant(Graph& graph, const Matrix<double>& m) {
  const int d = static_cast<int>(m.shape(0));
  return graph.constant(d, d, {m.begin(), m.end()});
}

// The mean of the mixture in columns that lie far from 0, and 0 in others; empty if none does.
std::vector<double> far_origin(const MixtureParameters& m) {
  const ColumnScales scales = column_scales(m);
  std::vector<double> origin(m.dimension());
  bool far = false;
  for (std::size_t j = 0; j < origin.size(); ++j) {
    if (!far_from_zero(scales.mean[j], scales.deviation[j])) continue;
    origin[j] = scales.mean[j];
    far = true;
  }
  return far ? origin : std::vector<double>();
}

// log sum_k exp(terms[:, k]).
Expr mix(Expr terms) { return terms.columns() == 1 ? terms : logsumexp_columns(terms); }

}  // namespace

MixtureParameters make_mixture(const Array& weights, const Array& means, const Array& covariances,
                               const MixtureSources& sources) {
  if (means.shape.size() != 2 || means.shape[0] == 0 || means.shape[1] == 0)
    fail_invalid(sources.means + ": has shape " + to_string(means.shape) +
                 ", means should be [K, D]");
  const std::size_t count = means.shape[0], d = means.shape[1];
  if (weights.size() != count || weights.shape.empty() || weights.shape[0] != count)
    fail_invalid(sources.weights + ": has shape " + to_string(weights.shape) +
                 ", weights for these means should be " + to_string(Shape{count}));
  if (covariances.shape != Shape{count, d, d})
    fail_invalid(sources.covariances + ": has shape " + to_string(covariances.shape) +
                 ", covariances for these means should be " + to_string(Shape{count, d, d}));
  MixtureParameters m;
  m.weights = tensor_of<double, 1>(weights, {count});
  m.means = tensor_of<double, 2>(means, {count, d});
  m.covariances = tensor_of<double, 3>(covariances, {count, d, d});
  require_finite(m.weights, sources.weights);
  require_finite(m.means, sources.means);
  require_finite(m.covariances, sources.covariances);

  for (std::size_t k = 0; k < count; ++k)
    if (m.weights(k) <= 0)
      fail_invalid(sources.weights + ": the weight of " + component(k) + " is not positive");
  const double sum = xt::sum(m.weights)();
  if (std::abs(sum - 1) > 1e-6)
    fail_invalid(sources.weights + ": the weights add up to " + std::to_string(sum) +
                 ", they should add up to 1");
  // A sum of 1 within rounding is left alone, so that reading what was written changes nothing.
  if (std::abs(sum - 1) > static_cast<double>(count) * std::numeric_limits<double>::epsilon())
    m.weights /= sum;

  for (std::size_t k = 0; k < count; ++k) {
    const Matrix<double> c = covariance_of(m, k);
    if (!nearly_symmetric(c, 1e-6))
      fail_invalid(sources.covariances + ": the covariance of " + component(k) +
                   " is not symmetric");
    xt::view(m.covariances, k, xt::all(), xt::all()) = symmetric_part(c);
    const double largest = xt::amax(xt::abs(c))();
    const double smallest = symmetric_eigenvalues(covariance_of(m, k))(0);
    if (!(smallest > largest * static_cast<double>(d) * std::numeric_limits<double>::epsilon()))
      fail_invalid(sources.covariances + ": the covariance of " + component(k) +
                   " is not positive definite");
  }
  return m;
}

ColumnScales column_scales(const MixtureParameters& m) {
  const auto immediate = xt::evaluation_strategy::immediate;
  const Matrix<double> weights = xt::view(m.weights, xt::all(), xt::newaxis());
  const Vector<double> mean = xt::sum(weights * m.means, {0}, immediate);
  const Matrix<double> variances = xt::diagonal(m.covariances, 0, 1, 2);
  const Vector<double> deviation =
      xt::sqrt(xt::sum(weights * (xt::square(m.means - mean) + variances), {0}, immediate));
  return {{mean.begin(), mean.end()}, {deviation.begin(), deviation.end()}};
}

MixtureParameters eight_gaussians(double deviation) {
  const double half = 1 / std::sqrt(2.0);
  const Matrix<double> directions = {{1, 0},       {-1, 0},       {0, 1},        {0, -1},
                                     {half, half}, {half, -half}, {-half, half}, {-half, -half}};
  return isotropic_mixture(4 * directions / 1.414, deviation);
}

MixtureParameters twenty_five_gaussians(double deviation) {
  Matrix<double> means = Matrix<double>::from_shape({25, 2});
  for (int k = 0; k < 25; ++k) {
    const int row = k / 5, column = k % 5;
    means(k, 0) = 2 * (row - 2) / 2.828;
    means(k, 1) = 2 * (column - 2) / 2.828;
  }
  return isotropic_mixture(std::move(means), deviation);
}

MixtureParameters correlated_gaussian(std::size_t dimension, double correlation) {
  MixtureParameters m = isotropic_mixture(Matrix<double>({1, dimension}, 0.0), 1);
  m.covariances.fill(correlation);
  for (std::size_t i = 0; i < dimension; ++i) m.covariances(0, i, i) = 1;
  return m;
}

GaussianMixture::GaussianMixture(MixtureParameters parameters)
    : mixture_(std::move(parameters)), origin_(far_origin(mixture_)), means_(mixture_.means) {
  if (!origin_.empty()) means_ -= xt::adapt(origin_);
  for (double weight : mixture_.weights) log_weights_.push_back(std::log(weight));
  const std::size_t count = mixture_.components(), d = mixture_.dimension();
  for (std::size_t k = 0; k < count && isotropic_; ++k)
    isotropic_ = is_isotropic(covariance_of(mixture_, k));
  if (isotropic_) {
    variances_ = xt::view(mixture_.covariances, xt::all(), 0, xt::range(0, 1));
    return;
  }
  variances_.resize({count, d});
  for (std::size_t k = 0; k < count; ++k) {
    SymmetricEigen eigen = symmetric_eigen(covariance_of(mixture_, k));
    xt::row(variances_, static_cast<std::ptrdiff_t>(k)) = eigen.values;
    axes_.push_back(std::move(eigen.vectors));
  }
}

int GaussianMixture::dimension() const { return static_cast<int>(mixture_.dimension()); }

Expr GaussianMixture::squared_distances(Expr x, Expr scale) const {
  // One row per component of each x, summed over its D columns.
  const int count = static_cast<int>(mixture_.components()), d = dimension();
  std::vector<int> repeat;
  for (int k = 0; k < count; ++k)
    for (int j = 0; j < d; ++j) repeat.push_back(j);
  const Expr squares = square(gather_columns(x, repeat) - scale * row(x.graph(), means_));
  return reshape(sum_columns(reshape(squares, squares.rows() * count, d)), squares.rows(), count);
}

Expr GaussianMixture::log_density(Scope, Expr x) const {
  Graph& graph = x.graph();
  const std::size_t count = mixture_.components();
  std::vector<double> constants;
  for (std::size_t k = 0; k < count; ++k) {
    double log_determinant = 0;
    for (std::size_t j = 0; j < variances_.shape(1); ++j)
      log_determinant +=
          (isotropic_ ? static_cast<double>(dimension()) : 1.0) * std::log(variances_(k, j));
    constants.push_back(log_weights_[k] - 0.5 * (dimension() * log_two_pi + log_determinant));
  }
  if (isotropic_)
    return mix(squared_distances(x, graph.constant(1)) *
                   row(graph, Matrix<double>(-0.5 / variances_)) +
               row(graph, constants));
  std::vector<Expr> terms;
  for (std::size_t k = 0; k < count; ++k) {
    const std::ptrdiff_t at = static_cast<std::ptrdiff_t>(k);
    const Matrix<double> whiten = axes_[k] / xt::sqrt(xt::row(variances_, at));
    const Expr white = matmul(x - row(graph, xt::row(means_, at)), square_constant(graph, whiten));
    terms.push_back(-0.5 * sum_columns(square(white)) + constants[k]);
  }
  return mix(hstack(terms));
}

Expr GaussianMixture::noised_log_density(Scope, Expr x, Expr scale, Expr deviation) const {
  Graph& graph = x.graph();
  const std::size_t count = mixture_.components();
  const Expr shrink = square(scale), added = square(deviation);
  std::vector<double> constants;
  for (double log_weight : log_weights_)
    constants.push_back(log_weight - 0.5 * dimension() * log_two_pi);
  if (isotropic_) {
    const bool one = xt::all(xt::equal(variances_, variances_(0, 0)));
    const Expr variance =
        shrink * (one ? graph.constant(variances_(0, 0)) : row(graph, variances_)) + added;
    return mix(-0.5 * squared_distances(x, scale) / variance - 0.5 * dimension() * log(variance) +
               row(graph, constants));
  }
  std::vector<Expr> terms;
  for (std::size_t k = 0; k < count; ++k) {
    const std::ptrdiff_t at = static_cast<std::ptrdiff_t>(k);
    const Expr along =
        matmul(x - scale * row(graph, xt::row(means_, at)), square_constant(graph, axes_[k]));
    const Expr variance = shrink * row(graph, xt::row(variances_, at)) + added;
    terms.push_back(-0.5 * sum_columns(square(along) / variance + log(variance)) + constants[k]);
  }
  return mix(hstack(terms));
}

std::vector<ModelArray> GaussianMixture::arrays() const {
  return {{"weights", array_of(mixture_.weights)},
          {"means", array_of(mixture_.means)},
          {"covariances", array_of(mixture_.covariances)}};
}

}  // namespace pushforward
