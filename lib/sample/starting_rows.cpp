#include "sample/starting_rows.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <xtensor/xmath.hpp>
#include <xtensor/xnoalias.hpp>

#include "base/error.hpp"
#include "base/matrix.hpp"
#include "base/random.hpp"
#include "base/short_number.hpp"

namespace pushforward {
namespace {

const std::string normal_prefix = "normal:";

}  // namespace

bool StartingRows::names_file(const std::string& text) {
  return text.compare(0, normal_prefix.size(), normal_prefix) != 0;
}

StartingRows::StartingRows(const std::string& text, std::size_t dimension, std::uint64_t seed)
    : dimension_(dimension), seed_(seed) {
  if (!names_file(text)) {
    const std::string number = text.substr(normal_prefix.size());
    char* end = nullptr;
    deviation_ = std::strtod(number.c_str(), &end);
    if (number.empty() || *end != '\0' || !std::isfinite(deviation_) || deviation_ < 0)
      fail_usage("option " + setting("init") + ": " + text +
                 " is not normal:SIGMA with SIGMA a number from 0 on");
    return;
  }
  file_ = std::make_unique<RowReader>(text);
  file_->require_columns(dimension, "the model");
}

std::optional<std::uint64_t> StartingRows::count() const {
  if (file_ == nullptr) return std::nullopt;
  return file_->rows();
}

std::string StartingRows::name() const { return file_ == nullptr ? "" : file_->container().name(); }

template <class T>
std::vector<T> StartingRows::raw_rows(std::uint64_t first, std::size_t count) const {
  if (file_ != nullptr) return file_->read<T>(static_cast<std::size_t>(first), count);
  std::vector<T> rows(count * dimension_);
  Random(seed_, Stream::init).fill_normal(rows.data(), count, dimension_, first);
  for (T& v : rows) v = static_cast<T>(deviation_ * static_cast<double>(v));
  return rows;
}

std::vector<double> StartingRows::probes() const {
  constexpr std::uint64_t max_probes = 64;
  return raw_rows<double>(
      0, static_cast<std::size_t>(std::min(max_probes, count().value_or(max_probes))));
}

template <class T>
std::vector<T> StartingRows::rows(std::uint64_t first, std::size_t count,
                                  const SamplingPlan& plan) const {
  // Rows of a file may lie so far from 0, or so near to a bound, that T would lose their digits.
  const bool exact_file = file_ != nullptr && plan.start.at_rows &&
                          !(plan.units.unit.empty() && plan.units.bounds.none());
  if (chosen_ || exact_file) {
    std::vector<double> exact = chosen_ ? chosen_(first, count) : raw_rows<double>(first, count);
    if (!chosen_) plan.units.bounds.to_unbounded(&exact, first, name());
    exact = chain_rows(std::move(exact), plan);
    return {exact.begin(), exact.end()};
  }
  return chain_rows(raw_rows<T>(first, count), plan);
}

template <class T>
std::vector<T> StartingRows::chain_rows(std::vector<T> rows, const SamplingPlan& plan) const {
  if (plan.start.at_rows) {
    from_data(plan.units, &rows);
  } else {
    auto x = as_rows(rows, dimension_);
    const auto centre = as_rows(plan.start.centre, dimension_);
    xt::noalias(x) = xt::cast<T>(centre + plan.start.scale * xt::cast<double>(x));
  }
  if (plan.units.preconditioner) plan.units.preconditioner->to_y(&rows);
  return rows;
}

std::string far_start_warning(const SamplingPlan& plan, const StartingRows& start,
                              const ColumnScales& data) {
  if (!plan.start.at_rows || !start.is_noise()) return {};
  for (std::size_t j = 0; j < data.mean.size(); ++j) {
    const double away = std::abs(data.mean[j]), deviation = data.deviation[j];
    if (!(away > 100 * (deviation + start.deviation()))) continue;
    return "column " + std::to_string(j) + ": chains start " + short_number(away / deviation) +
           " deviations from the data, near 0, and may not reach them; give " + setting("init") +
           " FILE";
  }
  return {};
}

template <class T>
std::vector<T> starting_states(const SamplingPlan& plan, const StartingRows& start,
                               std::uint64_t seed, std::uint64_t first, std::size_t count) {
  if (!plan.start.drawn) return start.rows<T>(first, count, plan);
  const std::vector<double> rows = plan.start.drawn(seed, first, count);
  return std::vector<T>(rows.begin(), rows.end());
}

template std::vector<float> starting_states(const SamplingPlan&, const StartingRows&, std::uint64_t,
                                            std::uint64_t, std::size_t);
template std::vector<double> starting_states(const SamplingPlan&, const StartingRows&,
                                             std::uint64_t, std::uint64_t, std::size_t);

}  // namespace pushforward
