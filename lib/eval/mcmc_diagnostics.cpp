#include "eval/mcmc_diagnostics.hpp"

#include <algorithm>
#include <array>
#include <boost/math/distributions/normal.hpp>
#include <cmath>
#include <limits>
#include <utility>
#include <xtensor/xadapt.hpp>
#include <xtensor/xmath.hpp>
#include <xtensor/xview.hpp>

#include "eval/autocovariance.hpp"

namespace pushforward {
namespace {

constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();
constexpr std::size_t min_energies = 4;

// The halves of `chains` equally long chains, one per row.
Matrix<double> split(const std::vector<double>& draws, std::size_t chains) {
  const std::size_t length = draws.size() / chains, half = length / 2;
  Matrix<double> halves = Matrix<double>::from_shape({2 * chains, half});
  for (std::size_t c = 0; c < chains; ++c) {
    const double* chain = draws.data() + c * length;
    std::copy_n(chain, half, &halves(2 * c, 0));
    std::copy_n(chain + length - half, half, &halves(2 * c + 1, 0));
  }
  return halves;
}

template <class Draws>
bool all_equal(const Draws& draws) {
  return std::all_of(draws.begin(), draws.end(), [&](double v) { return v == *draws.begin(); });
}

bool usable(const std::vector<double>& draws, std::size_t chains, std::size_t least) {
  return chains > 0 && draws.size() % chains == 0 && draws.size() / chains >= least &&
         xt::all(xt::isfinite(xt::adapt(draws)));
}

// Replaces each draw by its normal score; equal draws share the mean of their ranks.
void rank_normalize(Matrix<double>* draws) {
  const std::size_t size = draws->size();
  std::vector<std::pair<double, std::size_t>> order(size);
  for (std::size_t i = 0; i < size; ++i) order[i] = {draws->data()[i], i};
  std::sort(order.begin(), order.end());
  const boost::math::normal standard;
  for (std::size_t first = 0, end = 0; first < size; first = end) {
    while (end < size && order[end].first == order[first].first) ++end;
    const double rank = static_cast<double>(first + 1 + end) / 2;
    const double score =
        boost::math::quantile(standard, (rank - 0.375) / (static_cast<double>(size) + 0.25));
    for (std::size_t k = first; k < end; ++k) draws->data()[order[k].second] = score;
  }
}

// The quantile of probability q, interpolated linearly between order statistics.
double quantile(std::vector<double> draws, double q) {
  const double at = q * static_cast<double>(draws.size() - 1);
  const auto below = draws.begin() + static_cast<std::ptrdiff_t>(at);
  std::nth_element(draws.begin(), below, draws.end());
  if (below + 1 == draws.end()) return *below;
  const double above = *std::min_element(below + 1, draws.end());
  const double fraction = at - std::floor(at);
  // Clamped, so that draws that equal an order statistic compare as equal in spite of rounding.
  return std::clamp((1 - fraction) * *below + fraction * above, *below, above);
}

// Relative to the first, so that the mean of equal numbers is that number, and their variance 0.
template <class Numbers>
double mean_of(const Numbers& x) {
  return x(0) + xt::mean(x - x(0))();
}

// With divisor n - 1; 0 for a single number.
template <class Numbers>
double variance_of(const Numbers& x) {
  if (x.size() < 2) return 0;
  return xt::sum(xt::square(x - mean_of(x)))() / static_cast<double>(x.size() - 1);
}

double variance_of_means(const Matrix<double>& chains) {
  Vector<double> means = Vector<double>::from_shape({chains.shape(0)});
  for (std::size_t c = 0; c < means.size(); ++c) means(c) = mean_of(xt::view(chains, c, xt::all()));
  return variance_of(means);
}

// sqrt(((n - 1) / n W + B / n) / W), equations 1 to 4.
double rhat(const Matrix<double>& chains) {
  double within = 0;
  for (std::size_t c = 0; c < chains.shape(0); ++c)
    within += variance_of(xt::view(chains, c, xt::all()));
  within /= static_cast<double>(chains.shape(0));
  const double n = static_cast<double>(chains.shape(1));
  return std::sqrt((n - 1) / n + variance_of_means(chains) / within);
}

// The integrated autocorrelation time, -1 + 2 sum_t rho_t from lag 0 on, of autocorrelations that
// combine all chains (equation 10). Sums of pairs of neighbouring lags are added as long as they
// are positive, each cut to at most the one before (Geyer 1992, section 3.3).
double autocorrelation_time(const Matrix<double>& chains) {
  const std::size_t length = chains.shape(1);
  Vector<double> covariance({length}, 0.0);
  for (std::size_t c = 0; c < chains.shape(0); ++c)
    covariance += autocovariance(&chains(c, 0), length) / static_cast<double>(chains.shape(0));
  const double n = static_cast<double>(length);
  const double within = covariance(0) * n / (n - 1);
  const double total = covariance(0) + variance_of_means(chains);
  const auto correlation = [&](std::size_t t) {
    return t == 0 ? 1.0 : 1 - (within - covariance(t)) / total;
  };

  double sum = 0, last_pair = std::numeric_limits<double>::infinity();
  std::size_t t = 0;
  for (; t + 3 < length; t += 2) {
    const double pair = correlation(t) + correlation(t + 1);
    if (!(pair > 0)) break;
    last_pair = std::min(pair, last_pair);
    sum += last_pair;
  }
  // Adding the even lag after the last pair, if it is positive, reduces the bias. For an antithetic
  // chain, whose odd lags are negative, it is the larger part of the rest.
  return -1 + 2 * sum + std::max(correlation(t), 0.0);
}

double effective_size(const Matrix<double>& chains) {
  const double size = static_cast<double>(chains.size());
  return size / std::max(autocorrelation_time(chains), 1 / std::log10(size));
}

}  // namespace

double rank_normalized_rhat(const std::vector<double>& draws, std::size_t chains) {
  if (!usable(draws, chains, draws_to_judge) || all_equal(draws)) return not_a_number;
  std::vector<double> folded = draws;
  const double median = quantile(draws, 0.5);
  for (double& value : folded) value = std::abs(value - median);
  double largest = 0;
  for (const std::vector<double>& which : {draws, folded}) {
    Matrix<double> halves = split(which, chains);
    if (all_equal(halves)) continue;
    rank_normalize(&halves);
    largest = std::max(largest, rhat(halves));
  }
  return largest > 0 ? largest : not_a_number;
}

double bulk_ess(const std::vector<double>& draws, std::size_t chains) {
  if (!usable(draws, chains, draws_to_judge)) return not_a_number;
  Matrix<double> halves = split(draws, chains);
  if (all_equal(halves)) return not_a_number;
  rank_normalize(&halves);
  return effective_size(halves);
}

double tail_ess(const std::vector<double>& draws, std::size_t chains) {
  if (!usable(draws, chains, draws_to_judge)) return not_a_number;
  double least = not_a_number;
  for (const double probability : {0.05, 0.95}) {
    const double bound = quantile(draws, probability);
    const Matrix<double> halves = xt::cast<double>(split(draws, chains) <= bound);
    if (all_equal(halves)) continue;
    least = std::fmin(least, effective_size(halves));
  }
  return least;
}

double e_bfmi(const std::vector<double>& energies, std::size_t chains) {
  if (!usable(energies, chains, min_energies)) return not_a_number;
  const std::array<std::size_t, 2> shape = {chains, energies.size() / chains};
  const Matrix<double> rows = xt::adapt(energies, shape);
  double least = std::numeric_limits<double>::infinity();
  for (std::size_t c = 0; c < chains; ++c) {
    const Vector<double> energy = xt::view(rows, c, xt::all());
    if (all_equal(energy)) return not_a_number;
    const double jumps = xt::sum(xt::square(xt::diff(energy)))();
    least = std::min(least, jumps / (variance_of(energy) * static_cast<double>(energy.size() - 1)));
  }
  return least;
}

}  // namespace pushforward
