#include "cli/evaluation_report.hpp"

#include <algorithm>
#include <cmath>

namespace pushforward {
namespace {

// Counts are printed as whole numbers, 10000000 and not 1e+07.
std::string value_text(double value) {
  if (std::floor(value) == value && std::abs(value) < 1e15)
    return std::to_string(static_cast<std::int64_t>(value));
  return number_text(value);
}

}  // namespace

ReportedValues reported_values(const FeatureSet& generated, const FeatureSet& reference,
                               const Evaluation& result) {
  const FeatureDescription& features =
      generated.description.name.empty() ? reference.description : generated.description;
  ReportedValues values = {{"features", features.name.empty() ? "unknown" : features.name}};
  values.insert(values.end(), features.details.begin(), features.details.end());
  for (const auto& [metric, value] : result.values) values.emplace_back(metric, value_text(value));
  return values;
}

Report evaluation_report(const std::vector<std::string>& files,
                         const std::vector<ReportedValues>& values) {
  Report single({"metric", "value"});
  if (files.size() == 1) {
    for (const auto& [name, text] : values[0]) single.row({name, text});
    return single;
  }
  std::vector<std::string> columns = {"generated"};
  for (const ReportedValues& of_set : values)
    for (const auto& [name, text] : of_set)
      if (std::find(columns.begin(), columns.end(), name) == columns.end()) columns.push_back(name);
  Report table(columns);
  for (std::size_t i = 0; i < files.size(); ++i) {
    std::vector<std::string> cells(columns.size());
    cells[0] = files[i];
    for (const auto& [name, text] : values[i])
      cells[static_cast<std::size_t>(std::find(columns.begin(), columns.end(), name) -
                                     columns.begin())] = text;
    table.row(cells);
  }
  return table;
}

}  // namespace pushforward
