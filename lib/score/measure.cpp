#include <algorithm>
#include <cmath>

#include "base/error.hpp"
#include "score/score_model.hpp"

namespace pushforward {

void measure_data(const TrainingRows& rows, const std::string& where, double given,
                  ScoreDescription* description) {
  constexpr double least_share = 1e-3;
  const std::size_t columns = rows.columns;
  const double count = static_cast<double>(rows.count());
  std::vector<double> mean(columns, 0), deviation(columns, 0);
  for (std::size_t i = 0; i < rows.values.size(); ++i)
    mean[i % columns] += static_cast<double>(rows.values[i]);
  for (double& m : mean) m /= count;
  description->mean = mean;
  description->sigma_data.assign(columns, given);
  if (given > 0) return;
  for (std::size_t i = 0; i < rows.values.size(); ++i) {
    const double d = static_cast<double>(rows.values[i]) - mean[i % columns];
    deviation[i % columns] += d * d;
  }
  for (double& d : deviation) d = std::sqrt(d / count);
  const double widest = *std::max_element(deviation.begin(), deviation.end());
  if (!(widest > 0))
    fail_invalid(where + ": all rows are equal, so there is nothing to measure; give --sigma-data");
  for (double& d : deviation) d = std::max(d, least_share * widest);
  description->sigma_data = deviation;
}

}  // namespace pushforward
