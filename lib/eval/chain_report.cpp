#include "eval/chain_report.hpp"

#include <cmath>
#include <cstdio>
#include <limits>

#include "eval/mcmc_diagnostics.hpp"

namespace pushforward {
namespace {

constexpr double highest_rhat = 1.01;

// Not-a-number once either is.
void include_larger(double* largest, double value) {
  if (!(value <= *largest)) *largest = std::isnan(*largest) ? *largest : value;
}

}  // namespace

ChainReport report_chains(const ChainNumbers& numbers) {
  constexpr double infinity = std::numeric_limits<double>::infinity();
  double largest_rhat = -infinity, negative_bulk = -infinity, negative_tail = -infinity;
  std::vector<std::pair<std::string, double>> columns;
  for (std::size_t i = 0; i < numbers.draws.size(); ++i) {
    const std::string column = "_" + std::to_string(i + 1);
    const double rhat = rank_normalized_rhat(numbers.draws[i], numbers.chains);
    const double bulk = bulk_ess(numbers.draws[i], numbers.chains);
    const double tail = tail_ess(numbers.draws[i], numbers.chains);
    columns.emplace_back("rhat" + column, rhat);
    columns.emplace_back("ess_bulk" + column, bulk);
    columns.emplace_back("ess_tail" + column, tail);
    include_larger(&largest_rhat, rhat);
    include_larger(&negative_bulk, -bulk);
    include_larger(&negative_tail, -tail);
  }
  ChainReport report;
  if (numbers.acceptance) report.rows.emplace_back("acceptance", *numbers.acceptance);
  if (!columns.empty()) {
    if (!(largest_rhat <= highest_rhat)) {
      char text[32];
      std::snprintf(text, sizeof text, "%.4g", largest_rhat);
      report.complaint = "the largest R-hat is " + std::string(text) +
                         ", not 1.01 or less: the chains disagree or are too short";
    }
    report.rows.emplace_back("rhat_max", largest_rhat);
    report.rows.emplace_back("ess_bulk_min", -negative_bulk);
    report.rows.emplace_back("ess_tail_min", -negative_tail);
    if (!numbers.energies.empty())
      report.rows.emplace_back("e_bfmi", e_bfmi(numbers.energies, numbers.chains));
  }
  report.rows.emplace_back("score_evaluations", numbers.evaluations);
  report.rows.insert(report.rows.end(), columns.begin(), columns.end());
  return report;
}

}  // namespace pushforward
