// Mixtures of Gaussians: log density, and exact log density after adding Gaussian noise.
#pragma once

#include <string>
#include <vector>

#include "base/matrix.hpp"
#include "density/analytic_density.hpp"

namespace pushforward {

// K components in D dimensions.
struct MixtureParameters {
  Vector<double> weights;              // [K]
  Matrix<double> means;                // [K, D]
  xt::xtensor<double, 3> covariances;  // [K, D, D]
  [[nodiscard]] std::size_t components() const { return means.shape(0); }
  [[nodiscard]] std::size_t dimension() const { return means.shape(1); }
};

// The names of the three arrays in messages: a file, or a file and a dataset.
struct MixtureSources {
  std::string weights, means, covariances;
};

// Makes a mixture of arrays [K], [K, D], [K, D, D]. Error(invalid), naming the source, unless
// numbers are finite, weights positive with sum 1 within 1e-6 (then normalised), and covariances
// positive definite and symmetric within 1e-6 of their largest entry (then symmetrised).
[[nodiscard]] MixtureParameters make_mixture(const Array& weights, const Array& means,
                                             const Array& covariances,
                                             const MixtureSources& sources);

// Mean and standard deviation of each column.
[[nodiscard]] ColumnScales column_scales(const MixtureParameters& mixture);

// FFJORD's eight Gaussians: centres 4 (cos, sin) of multiples of 45 degrees, divided by 1.414;
// standard deviation `deviation` (0.5 / 1.414 there), equal weights.
constexpr double eight_gaussians_deviation = 0.5 / 1.414;
[[nodiscard]] MixtureParameters eight_gaussians(double deviation = eight_gaussians_deviation);

// WGAN-GP's twenty-five Gaussians: centres {-4, -2, 0, 2, 4}^2 divided by 2.828; standard deviation
// 0.05 / 2.828 there, equal weights.
constexpr double twenty_five_gaussians_deviation = 0.05 / 2.828;
[[nodiscard]] MixtureParameters twenty_five_gaussians(
    double deviation = twenty_five_gaussians_deviation);

// One Gaussian with mean 0, unit variances and the same correlation of every pair, strictly between
// -1 / (D - 1) and 1.
[[nodiscard]] MixtureParameters correlated_gaussian(std::size_t dimension, double correlation);

class GaussianMixture : public AnalyticDensity {
 public:
  explicit GaussianMixture(MixtureParameters parameters);

  [[nodiscard]] int dimension() const override;
  // The mean, in columns that lie far from 0.
  [[nodiscard]] std::vector<double> origin() const override { return origin_; }
  [[nodiscard]] Expr log_density(Scope scope, Expr x) const override;
  [[nodiscard]] ColumnScales column_scales() const override {
    return pushforward::column_scales(mixture_);
  }
  [[nodiscard]] bool noised() const override { return true; }
  // Component k becomes N(scale m_k, scale^2 C_k + deviation^2 I), whose covariance is diagonal in
  // the eigenvectors of C_k for any scale and deviation.
  [[nodiscard]] Expr noised_log_density(Scope scope, Expr x, Expr scale,
                                        Expr deviation) const override;
  [[nodiscard]] std::vector<ModelArray> arrays() const override;
  [[nodiscard]] const MixtureParameters& mixture() const { return mixture_; }

 private:
  // Squared distances [n, K] of x [n, D] to scale * means_.
  [[nodiscard]] Expr squared_distances(Expr x, Expr scale) const;

  MixtureParameters mixture_;
  std::vector<double> origin_;
  Matrix<double> means_;  // less origin_
  std::vector<double> log_weights_;
  Matrix<double> variances_;          // eigenvalues of covariances, [K, D]; [K, 1] if isotropic_
  std::vector<Matrix<double>> axes_;  // eigenvectors, in columns; empty if isotropic_
  bool isotropic_ = true;             // every covariance is a multiple of the identity
};

}  // namespace pushforward
