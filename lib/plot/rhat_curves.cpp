#include "plot/rhat_curves.hpp"

#include <algorithm>
#include <cmath>

#include "base/error.hpp"
#include "eval/mcmc_diagnostics.hpp"
#include "plot/chains.hpp"

namespace pushforward {
namespace {

// Fewer draws than for traces, because R-hat is computed for every place.
constexpr ChainLimits limits = {256, std::size_t{1} << 15, 8};
constexpr std::size_t max_places = 60, min_draws = draws_to_judge;

// The first `count` draws of each chain.
std::vector<double> first_draws(const std::vector<double>& values, std::size_t chains,
                                std::size_t count) {
  const std::size_t length = values.size() / chains;
  std::vector<double> first;
  for (std::size_t c = 0; c < chains; ++c) {
    const auto begin = values.begin() + static_cast<std::ptrdiff_t>(c * length);
    first.insert(first.end(), begin, begin + static_cast<std::ptrdiff_t>(count));
  }
  return first;
}

}  // namespace

RhatCurves read_rhat_curves(const RowReader& reader, const std::string& column) {
  const Chains chains = read_chains(reader, column, limits, "rhat");
  RhatCurves curves{chains.name, chains.trajectory, chains.titles, {}, {}};
  const std::size_t length = chains.places.size();
  if (length < min_draws)
    fail_invalid(chains.name + ": " + std::to_string(length) +
                 " draws of a chain; R-hat needs 8 or more");
  std::vector<std::size_t> counts;
  for (std::size_t k = 1; k <= max_places; ++k) {
    const std::size_t count = std::max(min_draws, k * length / max_places);
    if (counts.empty() || count != counts.back()) counts.push_back(count);
  }
  for (const std::size_t count : counts) curves.places.push_back(chains.places[count - 1]);
  bool any = false;
  for (const std::vector<double>& values : chains.values) {
    curves.values.emplace_back();
    for (const std::size_t count : counts) {
      const double rhat =
          rank_normalized_rhat(first_draws(values, chains.count, count), chains.count);
      curves.values.back().push_back(rhat);
      any = any || std::isfinite(rhat);
    }
  }
  if (!any) fail_invalid(chains.name + ": the chains stand still, so there is no R-hat");
  return curves;
}

}  // namespace pushforward
