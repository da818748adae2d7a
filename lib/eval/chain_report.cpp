#include "eval/chain_report.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <limits>

#include "base/error.hpp"
#include "base/lanes.hpp"
#include "eval/mcmc_diagnostics.hpp"

namespace pushforward {
namespace {

constexpr double max_rhat = 1.01;

// NaN once either value is NaN.
void include_larger(double* largest, double value) {
  if (!(value <= *largest)) *largest = std::isnan(*largest) ? *largest : value;
}

constexpr double min_effective = 400;

std::string short_text(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.4g", value);
  return text;
}

struct Column {
  double rhat = 0, bulk = 0, tail = 0;
};

std::string complaint_of(double rhat, double effective, std::size_t draws) {
  if (draws < draws_to_judge)
    return "the chains have " + std::to_string(draws) + (draws == 1 ? " draw" : " draws") +
           " each, too few to tell whether they agree: R-hat takes " +
           std::to_string(draws_to_judge) + " or more";
  const bool few = effective < min_effective;
  const std::string fewest = "the smallest effective sample size is " + short_text(effective) +
                             ", not " + short_text(min_effective) + " or more";
  if (!(rhat <= max_rhat))
    return "the largest R-hat is " + short_text(rhat) + ", not 1.01 or less" +
           (few ? ", and " + fewest : "") + ": the chains disagree or are too short";
  return few ? fewest +
                   ": means and quantiles of these rows are rough; more draws, or draws "
                   "farther apart (" +
                   setting("thin") + "), may help"
             : "";
}

}  // namespace

ChainReport report_chains(const ChainNumbers& numbers, int threads) {
  constexpr double infinity = std::numeric_limits<double>::infinity();
  std::vector<Column> columns(numbers.draws.size());
  Workers workers(threads);
  workers.run(columns.size(), [&](std::size_t i, int) {
    const std::vector<double>& draws = numbers.draws[i];
    columns[i] = {rank_normalized_rhat(draws, numbers.chains), bulk_ess(draws, numbers.chains),
                  tail_ess(draws, numbers.chains)};
  });
  // Effective sizes are negated, so that the largest is the worst.
  Column worst{-infinity, -infinity, -infinity};
  for (const Column& column : columns) {
    include_larger(&worst.rhat, column.rhat);
    include_larger(&worst.bulk, -column.bulk);
    include_larger(&worst.tail, -column.tail);
  }
  ChainReport report;
  if (numbers.acceptance) report.rows.emplace_back("acceptance", *numbers.acceptance);
  if (!columns.empty()) {
    report.failed = !(worst.rhat <= max_rhat);
    report.complaint =
        complaint_of(worst.rhat, std::fmin(-worst.bulk, -worst.tail),
                     numbers.draws[0].size() / std::max<std::size_t>(numbers.chains, 1));
    report.rows.emplace_back("rhat_max", worst.rhat);
    report.rows.emplace_back("ess_bulk_min", -worst.bulk);
    report.rows.emplace_back("ess_tail_min", -worst.tail);
    if (!numbers.energies.empty())
      report.rows.emplace_back("e_bfmi", e_bfmi(numbers.energies, numbers.chains));
  }
  report.rows.emplace_back("score_evaluations", numbers.evaluations);
  for (std::size_t i = 0; i < columns.size(); ++i) {
    const std::string number = "_" + std::to_string(i + 1);
    report.rows.emplace_back("rhat" + number, columns[i].rhat);
    report.rows.emplace_back("ess_bulk" + number, columns[i].bulk);
    report.rows.emplace_back("ess_tail" + number, columns[i].tail);
  }
  return report;
}

}  // namespace pushforward
