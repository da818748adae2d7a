#include "eval/mcmc_diagnostics.hpp"

#include <algorithm>
#include <boost/math/distributions/normal.hpp>
#include <cmath>
#include <limits>
#include <utility>

#include "eval/autocovariance.hpp"

namespace pushforward {
namespace {

constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();
constexpr std::size_t least_energies = 4;

// Chain c is draws [c length, (c + 1) length).
struct Chains {
  std::vector<double> draws;
  std::size_t count = 0, length = 0;
};

bool all_finite(const std::vector<double>& draws) {
  return std::all_of(draws.begin(), draws.end(), [](double v) { return std::isfinite(v); });
}

bool all_equal(const std::vector<double>& draws) {
  return std::all_of(draws.begin(), draws.end(), [&](double v) { return v == draws.front(); });
}

bool usable(const std::vector<double>& draws, std::size_t chains, std::size_t least) {
  return chains > 0 && draws.size() % chains == 0 && draws.size() / chains >= least &&
         all_finite(draws);
}

Chains split(const std::vector<double>& draws, std::size_t chains) {
  const std::size_t length = draws.size() / chains, half = length / 2;
  Chains halves{{}, 2 * chains, half};
  halves.draws.reserve(2 * chains * half);
  for (std::size_t c = 0; c < chains; ++c) {
    const double* chain = draws.data() + c * length;
    halves.draws.insert(halves.draws.end(), chain, chain + half);
    halves.draws.insert(halves.draws.end(), chain + length - half, chain + length);
  }
  return halves;
}

// Each draw by its normal score; equal draws share the mean of their ranks.
void rank_normalize(std::vector<double>* draws) {
  const std::size_t size = draws->size();
  std::vector<std::pair<double, std::size_t>> order(size);
  for (std::size_t i = 0; i < size; ++i) order[i] = {(*draws)[i], i};
  std::sort(order.begin(), order.end());
  const boost::math::normal standard;
  for (std::size_t first = 0, end = 0; first < size; first = end) {
    while (end < size && order[end].first == order[first].first) ++end;
    const double rank = static_cast<double>(first + 1 + end) / 2;
    const double score =
        boost::math::quantile(standard, (rank - 0.375) / (static_cast<double>(size) + 0.25));
    for (std::size_t k = first; k < end; ++k) (*draws)[order[k].second] = score;
  }
}

// The quantile of probability q, between order statistics linearly. Sorts by parts.
double quantile(std::vector<double> draws, double q) {
  const double at = q * static_cast<double>(draws.size() - 1);
  const auto below = draws.begin() + static_cast<std::ptrdiff_t>(at);
  std::nth_element(draws.begin(), below, draws.end());
  if (below + 1 == draws.end()) return *below;
  const double above = *std::min_element(below + 1, draws.end());
  const double fraction = at - std::floor(at);
  // Clamped, so that rounding does not part draws that are equal to an order statistic.
  return std::clamp((1 - fraction) * *below + fraction * above, *below, above);
}

// Counted from the first, so that the mean of equal numbers is that number and their variance 0.
double mean(const double* x, std::size_t n) {
  double sum = 0;
  for (std::size_t i = 0; i < n; ++i) sum += x[i] - x[0];
  return x[0] + sum / static_cast<double>(n);
}

// With divisor n - 1; 0 for one number.
double variance(const double* x, std::size_t n) {
  if (n < 2) return 0;
  const double centre = mean(x, n);
  double squares = 0;
  for (std::size_t i = 0; i < n; ++i) squares += (x[i] - centre) * (x[i] - centre);
  return squares / static_cast<double>(n - 1);
}

std::vector<double> chain_means(const Chains& chains) {
  std::vector<double> means(chains.count);
  for (std::size_t c = 0; c < chains.count; ++c)
    means[c] = mean(chains.draws.data() + c * chains.length, chains.length);
  return means;
}

// sqrt(((n - 1) / n W + B / n) / W), equations 1 to 4.
double rhat(const Chains& chains) {
  double within = 0;
  for (std::size_t c = 0; c < chains.count; ++c)
    within += variance(chains.draws.data() + c * chains.length, chains.length);
  within /= static_cast<double>(chains.count);
  const double between = variance(chain_means(chains).data(), chains.count);
  const double n = static_cast<double>(chains.length);
  return std::sqrt((n - 1) / n + between / within);
}

// The sum of autocorrelations at lags 0 and after, -1 + 2 sum_t rho_t, of correlations that combine
// the chains (equation 10). Pairs of neighbouring lags enter as long as they are positive, each at
// most as large as the one before (Geyer 1992, section 3.3).
double autocorrelation_time(const Chains& chains) {
  const std::size_t length = chains.length;
  std::vector<double> covariance(length, 0.0);
  for (std::size_t c = 0; c < chains.count; ++c) {
    const std::vector<double> own = autocovariance(chains.draws.data() + c * length, length);
    for (std::size_t t = 0; t < length; ++t)
      covariance[t] += own[t] / static_cast<double>(chains.count);
  }
  const double n = static_cast<double>(length);
  const double within = covariance[0] * n / (n - 1);
  const double total = covariance[0] + variance(chain_means(chains).data(), chains.count);
  const auto correlation = [&](std::size_t t) {
    return t == 0 ? 1.0 : 1 - (within - covariance[t]) / total;
  };

  double sum = 0, last_pair = std::numeric_limits<double>::infinity();
  std::size_t t = 0;
  for (; t + 3 < length; t += 2) {
    const double pair = correlation(t) + correlation(t + 1);
    if (!(pair > 0)) break;
    last_pair = std::min(pair, last_pair);
    sum += last_pair;
  }
  // The even lag after the last pair makes the sum less biased where it is positive; for an
  // antithetic chain, whose odd lags are negative, it is the larger part of what is left.
  return -1 + 2 * sum + std::max(correlation(t), 0.0);
}

double effective_size(const Chains& chains) {
  const double size = static_cast<double>(chains.draws.size());
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
    Chains halves = split(which, chains);
    if (all_equal(halves.draws)) continue;
    rank_normalize(&halves.draws);
    largest = std::max(largest, rhat(halves));
  }
  return largest > 0 ? largest : not_a_number;
}

double bulk_ess(const std::vector<double>& draws, std::size_t chains) {
  if (!usable(draws, chains, draws_to_judge)) return not_a_number;
  Chains halves = split(draws, chains);
  if (all_equal(halves.draws)) return not_a_number;
  rank_normalize(&halves.draws);
  return effective_size(halves);
}

double tail_ess(const std::vector<double>& draws, std::size_t chains) {
  if (!usable(draws, chains, draws_to_judge)) return not_a_number;
  double least = not_a_number;
  for (const double probability : {0.05, 0.95}) {
    const double bound = quantile(draws, probability);
    Chains halves = split(draws, chains);
    for (double& value : halves.draws) value = value <= bound ? 1 : 0;
    if (all_equal(halves.draws)) continue;
    least = std::fmin(least, effective_size(halves));
  }
  return least;
}

double e_bfmi(const std::vector<double>& energies, std::size_t chains) {
  if (!usable(energies, chains, least_energies)) return not_a_number;
  const std::size_t length = energies.size() / chains;
  double least = std::numeric_limits<double>::infinity();
  for (std::size_t c = 0; c < chains; ++c) {
    const double* energy = energies.data() + c * length;
    if (std::all_of(energy, energy + length, [&](double e) { return e == energy[0]; }))
      return not_a_number;
    double jumps = 0;
    for (std::size_t i = 1; i < length; ++i)
      jumps += (energy[i] - energy[i - 1]) * (energy[i] - energy[i - 1]);
    least = std::min(least, jumps / (variance(energy, length) * static_cast<double>(length - 1)));
  }
  return least;
}

}  // namespace pushforward
