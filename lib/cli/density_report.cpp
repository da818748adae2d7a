#include "cli/density_report.hpp"

#include <string>
#include <vector>

#include "eval/density_summary.hpp"

namespace pushforward {

Report density_report(DensityTotals* totals, std::size_t dimension) {
  const DensitySummary s = summarize_density(&totals->log_density, dimension);
  std::vector<std::string> names = {"n",   "mean", "stderr",    "median",
                                    "q01", "q99",  "nonfinite", "bits_per_dim"};
  std::vector<std::string> values = {std::to_string(s.count),       number_text(s.mean),
                                     number_text(s.standard_error), number_text(s.median),
                                     number_text(s.quantile_01),    number_text(s.quantile_99),
                                     std::to_string(s.nonfinite),   number_text(s.bits_per_dim)};
  if (totals->estimate) {
    names.insert(names.end(), {"error", "evaluations"});
    values.push_back(number_text(totals->estimate->error));
    values.push_back(number_text(totals->estimate->evaluations));
  }
  for (const auto& [name, mean] : totals->terms) {
    names.push_back(name);
    values.push_back(number_text(mean));
  }
  Report report(names, ReportRows::one);
  report.row(values);
  return report;
}

}  // namespace pushforward
