#include "flow/standardization.hpp"

#include <algorithm>
#include <cmath>

#include "flow/dequantization.hpp"

namespace pushforward {
namespace {

// Moments of `count` rows become those of them and `more` rows (Chan, Golub, LeVeque 1983).
void add_moments(const ColumnMoments& more, double more_count, ColumnMoments* all, double count) {
  const double share = more_count / (count + more_count);
  for (std::size_t j = 0; j < all->mean.size(); ++j) {
    const double d = more.mean[j] - all->mean[j];
    all->mean[j] += share * d;
    all->variance[j] += share * (more.variance[j] - all->variance[j] + (1 - share) * d * d);
  }
}

// Of 8-bit rows with noise and scaled, in blocks: as doubles, all of them would fill the memory.
ColumnMoments eight_bit_moments(const TrainingRows& rows, const FlowSpec& spec, Workers* workers) {
  constexpr std::size_t block = 4096;
  const std::size_t d = static_cast<std::size_t>(spec.dimension);
  ColumnMoments all{std::vector<double>(d), std::vector<double>(d)};
  RowEvaluator<double> scale(
      [&](Scope, Expr v) { return std::vector<Expr>{encode_eight_bit(v, spec.logit).value}; },
      ParameterTable{}, spec.dimension, workers);
  std::vector<double> x;
  for (std::size_t first = 0; first < rows.count(); first += block) {
    const std::size_t count = std::min(block, rows.count() - first);
    x.resize(count * d);
    for (std::size_t i = 0; i < count; ++i)
      std::copy_n(rows.values.data() + (first + i) * rows.columns, d, x.data() + i * d);
    add_dequantization_noise(&x, d, 0, first);
    add_moments(column_moments(scale.run(x.data(), count)[0], d), static_cast<double>(count), &all,
                static_cast<double>(first));
  }
  return all;
}

}  // namespace

Standardization standardization_of(const TrainingRows& rows, const FlowSpec& spec,
                                   Workers* workers) {
  const std::size_t columns = rows.columns, dimension = static_cast<std::size_t>(spec.dimension);
  auto [shift, scale] = column_moments(rows.values, columns);
  if (spec.eight_bit()) {
    const ColumnMoments scaled = eight_bit_moments(rows, spec, workers);
    std::copy(scaled.mean.begin(), scaled.mean.end(), shift.begin());
    std::copy(scaled.variance.begin(), scaled.variance.end(), scale.begin());
  }
  for (std::size_t c = 0; c < columns; ++c) {
    scale[c] = std::sqrt(scale[c]);
    if (scale[c] == 0) scale[c] = 1;
  }
  const auto split = static_cast<std::ptrdiff_t>(dimension);
  Standardization s;
  const std::vector<double>& origin = rows.origin;
  if (!origin.empty()) {
    for (std::size_t c = 0; c < columns; ++c) shift[c] += origin[c];
    s.origin.assign(origin.begin(), origin.begin() + split);
  }
  s.shift.assign(shift.begin(), shift.begin() + split);
  s.scale.assign(scale.begin(), scale.begin() + split);
  if (spec.context > spec.classes) {
    s.context_shift.assign(shift.begin() + split, shift.end());
    s.context_scale.assign(scale.begin() + split, scale.end());
    if (!origin.empty()) s.context_origin.assign(origin.begin() + split, origin.end());
  }
  return s;
}

}  // namespace pushforward
