// Preconditioned chains are chains in other coordinates.
#include <catch2/catch.hpp>
#include <cmath>

#include "base/linear_algebra.hpp"
#include "base/random.hpp"
#include "density/gaussian_mixture.hpp"
#include "sample/mcmc.hpp"
#include "sample/preconditioner.hpp"
#include "sample/sampler.hpp"

using namespace pushforward;

namespace {

constexpr std::size_t count = 100;

std::vector<double> ends(const ChainTarget& target, const Chain& chain,
                         const std::vector<double>& start) {
  Workers workers(1);
  Sampler<double> sampler(target, chain.transitions, sampler_lane_rows(target, count), &workers,
                          chain.auxiliary);
  ChainOptions options;
  options.rows = {total_steps(chain.transitions), 1, 1};
  std::vector<double> rows(start.size());
  sampler.run(0, count, start.data(), options, rows.data(), nullptr);
  return rows;
}

Preconditioner factor_of(std::size_t dimension, const std::vector<double>& matrix) {
  Matrix<double> lower = Matrix<double>::from_shape({dimension, dimension});
  std::copy(matrix.begin(), matrix.end(), lower.begin());
  REQUIRE(cholesky(&lower));
  return Preconditioner(lower);
}

}  // namespace

TEST_CASE("coordinates go there and back", "[preconditioner]") {
  const Preconditioner p = factor_of(3, {4, 2, 1, 2, 3, 0.5, 1, 0.5, 2});
  std::vector<double> rows(3 * count);
  Random(1, Stream::init).fill_normal(rows.data(), count, 3, 0);
  std::vector<double> there = rows;
  p.to_y(&there);
  CHECK(there[0] == Approx(rows[0] / 2));
  p.to_x(&there);
  for (std::size_t i = 0; i < rows.size(); ++i) CHECK(there[i] == Approx(rows[i]).epsilon(1e-12));
}

TEST_CASE("a preconditioned chain is the chain of the whitened target", "[preconditioner]") {
  // By its own covariance a Gaussian becomes N(0, I).
  const MixtureParameters correlated = correlated_gaussian(3, 0.8);
  const GaussianMixture density(correlated), white(correlated_gaussian(3, 0));
  const Preconditioner p =
      factor_of(3, {correlated.covariances.begin(), correlated.covariances.end()});
  const ChainTarget preconditioned = preconditioned_target(density_target(density), p);
  const ChainTarget plain = density_target(white);
  std::vector<double> start(3 * count);
  Random(2, Stream::init).fill_normal(start.data(), count, 3, 0);
  const ChainLength length = {0, 0.4, 10, 20, true}, fixed = {0, 0.4, 10, 20, false};
  for (const Chain& chain : {Chain{ula_transitions(0.4, 30, 0), {}, {}, {}}, mala_chain(fixed),
                             hmc_chain(length, 4, 0.6), underdamped_chain(fixed, 1)}) {
    const std::vector<double> left = ends(preconditioned, chain, start);
    const std::vector<double> right = ends(plain, chain, start);
    for (std::size_t i = 0; i < left.size(); ++i)
      REQUIRE(left[i] == Approx(right[i]).epsilon(1e-7).margin(1e-7));
  }
}

TEST_CASE("preconditioned ULA is x + eps M s + sqrt(2 eps) L z", "[preconditioner]") {
  const GaussianMixture density(correlated_gaussian(2, 0.5));
  const std::vector<double> matrix = {2, 0.3, 0.3, 0.5};
  const Preconditioner p = factor_of(2, matrix);
  const ChainTarget target = preconditioned_target(density_target(density), p);
  std::vector<double> start(2 * count), z(2 * count);
  Random(2, Stream::init).fill_normal(start.data(), count, 2, 0);
  Random(0, Stream::sampler).fill_normal(z.data(), count, 2, 0, 0);
  std::vector<double> y = start;
  p.to_y(&y);
  const double eps = 0.3;
  std::vector<double> end = ends(target, {ula_transitions(eps, 1, 0), {}, {}, {}}, y);
  p.to_x(&end);
  const Matrix<double>& l = p.lower();
  for (std::size_t r = 0; r < count; ++r) {
    const double* x = start.data() + 2 * r;
    // The score of correlation 1/2: -(4/3) (x0 - x1 / 2, x1 - x0 / 2).
    const double s[2] = {-4 / 3.0 * (x[0] - x[1] / 2), -4 / 3.0 * (x[1] - x[0] / 2)};
    for (std::size_t i = 0; i < 2; ++i) {
      const double noise = l(i, 0) * z[2 * r] + (i == 1 ? l(1, 1) * z[2 * r + 1] : 0);
      CHECK(end[2 * r + i] ==
            Approx(x[i] + eps * (matrix[2 * i] * s[0] + matrix[2 * i + 1] * s[1]) +
                   std::sqrt(2 * eps) * noise)
                .epsilon(1e-9));
    }
  }
}
