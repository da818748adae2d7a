#include "density/gaussian_mixture.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "base/constants.hpp"
#include "base/error.hpp"
#include "base/linear_algebra.hpp"
#include "base/precision.hpp"

namespace pushforward {
namespace {

double& entry(MixtureParameters* m, std::size_t k, std::size_t i, std::size_t j) {
  return m->covariances[(k * m->dimension + i) * m->dimension + j];
}

Matrix<double> covariance_of(const MixtureParameters& m, std::size_t k) {
  const std::size_t d = m.dimension;
  Matrix<double> c = Matrix<double>::from_shape({d, d});
  std::copy_n(m.covariances.begin() + static_cast<std::ptrdiff_t>(k * d * d), d * d, c.data());
  return c;
}

void require_finite(const std::vector<double>& values, const std::string& source) {
  for (double value : values)
    if (!std::isfinite(value)) fail_invalid(source + ": holds a number that is not finite");
}

std::string component(std::size_t k) { return "component " + std::to_string(k + 1); }

// Equal weights, covariances deviation^2 I.
MixtureParameters round_mixture(std::size_t dimension, std::vector<double> means,
                                double deviation) {
  MixtureParameters m;
  m.dimension = dimension;
  const std::size_t count = means.size() / dimension;
  m.weights.assign(count, 1.0 / static_cast<double>(count));
  m.means = std::move(means);
  m.covariances.assign(count * dimension * dimension, 0.0);
  for (std::size_t k = 0; k < count; ++k)
    for (std::size_t i = 0; i < dimension; ++i) entry(&m, k, i, i) = deviation * deviation;
  return m;
}

bool is_round(const MixtureParameters& m, std::size_t k) {
  const Matrix<double> c = covariance_of(m, k);
  for (std::size_t i = 0; i < m.dimension; ++i)
    for (std::size_t j = 0; j < m.dimension; ++j)
      if (c(i, j) != (i == j ? c(0, 0) : 0.0)) return false;
  return true;
}

Expr row(Graph& graph, const std::vector<double>& values) {
  return graph.constant(1, static_cast<int>(values.size()), values);
}

// The mean of the mixture in columns that lie far from 0, and 0 in others; empty where none does.
std::vector<double> far_origin(const MixtureParameters& m) {
  const ColumnScales scales = column_scales(m);
  std::vector<double> origin(m.dimension);
  bool far = false;
  for (std::size_t j = 0; j < m.dimension; ++j) {
    if (!far_from_zero(scales.mean[j], scales.deviation[j])) continue;
    origin[j] = scales.mean[j];
    far = true;
  }
  return far ? origin : std::vector<double>();
}

// Row k of `means` [K x D].
Expr mean_of(Graph& graph, const std::vector<double>& means, std::size_t dimension, std::size_t k) {
  const auto first = means.begin() + static_cast<std::ptrdiff_t>(k * dimension);
  return row(graph, {first, first + static_cast<std::ptrdiff_t>(dimension)});
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
  m.dimension = d;
  m.weights = weights.to<double>();
  m.means = means.to<double>();
  m.covariances = covariances.to<double>();
  require_finite(m.weights, sources.weights);
  require_finite(m.means, sources.means);
  require_finite(m.covariances, sources.covariances);

  double sum = 0;
  for (std::size_t k = 0; k < count; ++k) {
    if (m.weights[k] <= 0)
      fail_invalid(sources.weights + ": the weight of " + component(k) + " is not positive");
    sum += m.weights[k];
  }
  if (std::abs(sum - 1) > 1e-6)
    fail_invalid(sources.weights + ": the weights add up to " + std::to_string(sum) +
                 ", they should add up to 1");
  // Within rounding of 1 they are left alone, so that reading what was written changes nothing.
  if (std::abs(sum - 1) > static_cast<double>(count) * std::numeric_limits<double>::epsilon())
    for (double& weight : m.weights) weight /= sum;

  for (std::size_t k = 0; k < count; ++k) {
    double largest = 0;
    for (std::size_t i = 0; i < d * d; ++i)
      largest = std::max(largest, std::abs(m.covariances[k * d * d + i]));
    for (std::size_t i = 0; i < d; ++i)
      for (std::size_t j = 0; j < i; ++j) {
        double &a = entry(&m, k, i, j), &b = entry(&m, k, j, i);
        if (std::abs(a - b) > 1e-6 * largest)
          fail_invalid(sources.covariances + ": the covariance of " + component(k) +
                       " is not symmetric");
        a = b = a / 2 + b / 2;
      }
    const double smallest = symmetric_eigenvalues(covariance_of(m, k)).front();
    if (!(smallest > largest * static_cast<double>(d) * std::numeric_limits<double>::epsilon()))
      fail_invalid(sources.covariances + ": the covariance of " + component(k) +
                   " is not positive definite");
  }
  return m;
}

ColumnScales column_scales(const MixtureParameters& m) {
  ColumnScales scales;
  for (std::size_t j = 0; j < m.dimension; ++j) {
    double mean = 0, variance = 0;
    for (std::size_t k = 0; k < m.components(); ++k)
      mean += m.weights[k] * m.means[k * m.dimension + j];
    for (std::size_t k = 0; k < m.components(); ++k) {
      const double d = m.means[k * m.dimension + j] - mean;
      variance += m.weights[k] * (d * d + m.covariances[(k * m.dimension + j) * m.dimension + j]);
    }
    scales.mean.push_back(mean);
    scales.deviation.push_back(std::sqrt(variance));
  }
  return scales;
}

MixtureParameters eight_gaussians(double deviation) {
  const double half = 1 / std::sqrt(2.0);
  std::vector<double> means = {1,    0,    -1,   0,     0,     1,    0,     -1,
                               half, half, half, -half, -half, half, -half, -half};
  for (double& m : means) m = 4 * m / 1.414;
  return round_mixture(2, std::move(means), deviation);
}

MixtureParameters twenty_five_gaussians(double deviation) {
  std::vector<double> means;
  for (int x = -2; x <= 2; ++x)
    for (int y = -2; y <= 2; ++y) {
      means.push_back(2 * x / 2.828);
      means.push_back(2 * y / 2.828);
    }
  return round_mixture(2, std::move(means), deviation);
}

MixtureParameters correlated_gaussian(std::size_t dimension, double correlation) {
  MixtureParameters m = round_mixture(dimension, std::vector<double>(dimension, 0.0), 1);
  for (std::size_t i = 0; i < dimension; ++i)
    for (std::size_t j = 0; j < dimension; ++j)
      if (i != j) entry(&m, 0, i, j) = correlation;
  return m;
}

GaussianMixture::GaussianMixture(MixtureParameters parameters)
    : mixture_(std::move(parameters)), origin_(far_origin(mixture_)), means_(mixture_.means) {
  for (std::size_t i = 0; i < means_.size() && !origin_.empty(); ++i)
    means_[i] -= origin_[i % origin_.size()];
  for (double weight : mixture_.weights) log_weights_.push_back(std::log(weight));
  const std::size_t count = mixture_.components(), d = mixture_.dimension;
  for (std::size_t k = 0; k < count && round_; ++k) round_ = is_round(mixture_, k);
  for (std::size_t k = 0; k < count; ++k) {
    if (round_) {
      variances_.emplace_back(1, mixture_.covariances[k * d * d]);
      continue;
    }
    SymmetricEigen eigen = symmetric_eigen(covariance_of(mixture_, k));
    variances_.emplace_back(eigen.values.begin(), eigen.values.end());
    axes_.push_back(std::move(eigen.vectors));
  }
}

int GaussianMixture::dimension() const { return static_cast<int>(mixture_.dimension); }

Expr GaussianMixture::squared_distances(Expr x, Expr scale) const {
  // A row for each component of each x, summed over its D columns.
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
    for (double v : variances_[k])
      log_determinant += (round_ ? static_cast<double>(dimension()) : 1.0) * std::log(v);
    constants.push_back(log_weights_[k] - 0.5 * (dimension() * log_two_pi + log_determinant));
  }
  if (round_) {
    std::vector<double> factors;
    for (const auto& v : variances_) factors.push_back(-0.5 / v[0]);
    return mix(squared_distances(x, graph.constant(1)) * row(graph, factors) +
               row(graph, constants));
  }
  std::vector<Expr> terms;
  for (std::size_t k = 0; k < count; ++k) {
    std::vector<double> whiten(axes_[k].data(), axes_[k].data() + axes_[k].size());
    for (std::size_t i = 0; i < whiten.size(); ++i)
      whiten[i] /= std::sqrt(variances_[k][i % variances_[k].size()]);
    const Expr white = matmul(x - mean_of(graph, means_, mixture_.dimension, k),
                              graph.constant(dimension(), dimension(), whiten));
    terms.push_back(-0.5 * sum_columns(square(white)) + constants[k]);
  }
  return mix(concatenate_columns(terms));
}

Expr GaussianMixture::noised_log_density(Scope, Expr x, Expr scale, Expr deviation) const {
  Graph& graph = x.graph();
  const std::size_t count = mixture_.components();
  const Expr shrink = square(scale), added = square(deviation);
  std::vector<double> constants;
  for (double log_weight : log_weights_)
    constants.push_back(log_weight - 0.5 * dimension() * log_two_pi);
  if (round_) {
    std::vector<double> variances;
    for (const auto& v : variances_) variances.push_back(v[0]);
    if (std::equal(variances.begin() + 1, variances.end(), variances.begin())) variances.resize(1);
    const Expr variance = shrink * row(graph, variances) + added;
    return mix(-0.5 * squared_distances(x, scale) / variance - 0.5 * dimension() * log(variance) +
               row(graph, constants));
  }
  std::vector<Expr> terms;
  for (std::size_t k = 0; k < count; ++k) {
    const std::vector<double> axes(axes_[k].data(), axes_[k].data() + axes_[k].size());
    const Expr along = matmul(x - scale * mean_of(graph, means_, mixture_.dimension, k),
                              graph.constant(dimension(), dimension(), axes));
    const Expr variance = shrink * row(graph, variances_[k]) + added;
    terms.push_back(-0.5 * sum_columns(square(along) / variance + log(variance)) + constants[k]);
  }
  return mix(concatenate_columns(terms));
}

std::vector<ModelArray> GaussianMixture::arrays() const {
  const std::size_t count = mixture_.components(), d = mixture_.dimension;
  return {{"weights", Array::of(mixture_.weights, {count})},
          {"means", Array::of(mixture_.means, {count, d})},
          {"covariances", Array::of(mixture_.covariances, {count, d, d})}};
}

}  // namespace pushforward
