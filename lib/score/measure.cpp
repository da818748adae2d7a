#include <algorithm>
#include <cmath>
#include <numeric>

#include "base/error.hpp"
#include "score/score_model.hpp"

namespace pushforward {

void measure_data(const TrainingRows& rows, const std::string& where, double given,
                  ScoreDescription* description) {
  constexpr double least_share = 1e-3;
  constexpr double rounding = 1e-9;  // of a mean: a column with less deviation is constant
  const std::size_t columns = static_cast<std::size_t>(description->dimension);
  const std::size_t rows_count = rows.count();
  const double count = static_cast<double>(rows_count);
  const auto element = [&](std::size_t i, std::size_t j) {
    return static_cast<double>(rows.values[i * rows.columns + j]);
  };
  std::vector<double> mean(columns, 0), deviation(columns, 0);
  for (std::size_t i = 0; i < rows_count; ++i)
    for (std::size_t j = 0; j < columns; ++j) mean[j] += element(i, j);
  for (double& m : mean) m /= count;
  const auto average = [&](const std::vector<double>& values) {
    return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(columns);
  };
  if (description->unet) mean.assign(columns, average(mean));
  description->mean = mean;
  description->origin.clear();
  if (!rows.origin.empty()) {
    const auto end = rows.origin.begin() + static_cast<std::ptrdiff_t>(columns);
    description->origin.assign(rows.origin.begin(), end);
    for (std::size_t j = 0; j < columns; ++j) description->mean[j] += rows.origin[j];
  }
  description->sigma_data.assign(columns, given);
  if (given > 0) return;
  for (std::size_t i = 0; i < rows_count; ++i)
    for (std::size_t j = 0; j < columns; ++j)
      deviation[j] += (element(i, j) - mean[j]) * (element(i, j) - mean[j]);
  if (description->unet) deviation.assign(columns, average(deviation));
  for (double& d : deviation) d = std::sqrt(d / count);
  const double widest = *std::max_element(deviation.begin(), deviation.end());
  if (!(widest > 0))
    fail_invalid(where + ": all rows are equal, so there is nothing to measure; give --sigma-data");
  // Where columns are scaled to one size, each has its own, however small. Else the narrow ones are
  // hidden by the noise of the others.
  for (std::size_t j = 0; j < columns; ++j) {
    const bool own = description->standardizes() && deviation[j] > rounding * std::abs(mean[j]);
    if (!own) deviation[j] = std::max(deviation[j], least_share * widest);
  }
  description->sigma_data = deviation;
}

}  // namespace pushforward
