#include "descent/sobolev_descent.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <xtensor/xmath.hpp>
#include <xtensor/xnoalias.hpp>

#include "base/constants.hpp"
#include "base/error.hpp"
#include "base/matrix.hpp"
#include "descent/birth_death.hpp"

namespace pushforward {
namespace {

struct ColumnMoments {
  Vector<double> mean, deviation;
};

ColumnMoments moments_of(const std::vector<double>& numbers, std::size_t columns) {
  constexpr auto immediate = xt::evaluation_strategy::immediate;
  const auto rows = as_rows(numbers, columns);
  const double count = static_cast<double>(rows.shape(0));
  ColumnMoments m;
  m.mean = xt::sum(rows / count, {0}, immediate);
  m.deviation = xt::sqrt(xt::sum(xt::square(rows - m.mean) / count, {0}, immediate));
  return m;
}

CriticOptions critic_options(const DescentOptions& options) {
  CriticOptions critic = options.critic;
  critic.seed = options.seed;
  if (options.tau == 0) critic.alpha = 0;
  return critic;
}

constexpr double divergence_factor = 1e12;

template <class T>
bool all_within(const std::vector<T>& values, double limit) {
  return std::all_of(values.begin(), values.end(),
                     [&](T v) { return std::abs(static_cast<double>(v)) <= limit; });
}

template <class T>
bool all_finite(const std::vector<T>& values) {
  return all_within(values, std::numeric_limits<T>::max());
}

template <class T>
double largest(const std::vector<T>& values) {
  double most = 1;
  for (const T v : values) most = std::max(most, std::abs(static_cast<double>(v)));
  return most;
}

[[noreturn]] void fail_too_large() {
  fail_invalid("the rows are too large or too far apart to be standardised; scale them down");
}

}  // namespace

ColumnScale::ColumnScale(const std::vector<double>& target, const std::vector<double>& source,
                         std::size_t columns) {
  const ColumnMoments of_target = moments_of(target, columns);
  const ColumnMoments of_source = moments_of(source, columns);
  const Vector<double> apart = xt::abs(of_target.mean - of_source.mean);
  separation_ =
      xt::amax(xt::where(apart > 0, apart / (of_target.deviation + of_source.deviation), 0.0))();
  const Vector<double> otherwise = xt::where(of_source.deviation > 0, of_source.deviation, 1.0);
  const Vector<double> deviation =
      xt::where(xt::equal(of_target.deviation, 0.0), otherwise, of_target.deviation);
  if (!xt::all(xt::isfinite(of_target.mean) && xt::isfinite(deviation))) fail_too_large();
  mean_.assign(of_target.mean.begin(), of_target.mean.end());
  deviation_.assign(deviation.begin(), deviation.end());
}

template <class T>
std::vector<T> ColumnScale::standardised(const std::vector<double>& rows) const {
  const std::size_t columns = mean_.size();
  std::vector<T> out(rows.size());
  auto x = as_rows(out, columns);
  xt::noalias(x) = xt::cast<T>((as_rows(rows, columns) - as_rows(mean_, columns)) /
                               as_rows(deviation_, columns));
  return out;
}

template <class T>
std::vector<T> ColumnScale::in_data_units(const std::vector<T>& rows) const {
  const std::size_t columns = mean_.size();
  std::vector<T> out(rows.size());
  auto x = as_rows(out, columns);
  xt::noalias(x) =
      xt::cast<T>(as_rows(mean_, columns) +
                  as_rows(deviation_, columns) * xt::cast<double>(as_rows(rows, columns)));
  return out;
}

template <class T>
const T* SobolevDescent<T>::Cycle::next(const std::vector<T>& rows, std::size_t columns) {
  const std::size_t count = rows.size() / columns;
  if (batch_ == count) return rows.data();
  rows_.resize(batch_ * columns);
  for (std::size_t i = 0; i < batch_; ++i, ++at_) {
    if (at_ == order_.size()) {
      order_ = permutation(count, random_, round_++);
      at_ = 0;
    }
    std::copy_n(rows.data() + order_[at_] * columns, columns, rows_.data() + i * columns);
  }
  return rows_.data();
}

template <class T>
SobolevDescent<T>::SobolevDescent(const std::vector<double>& source,
                                  const std::vector<double>& target, std::size_t columns,
                                  const DescentOptions& options, Workers* workers)
    : columns_(columns),
      options_(options),
      workers_(workers),
      scale_(target, source, columns),
      particles_(scale_.standardised<T>(source)),
      target_(scale_.standardised<T>(target)),
      ancestors_(source.size() / columns),
      particle_batches_(options.seed, Stream::split,
                        std::min(ancestors_.size(), static_cast<std::size_t>(options.batch))),
      target_batches_(options.seed, Stream::shuffle,
                      std::min(target.size() / columns, static_cast<std::size_t>(options.batch))),
      critic_(columns, critic_options(options), workers),
      values_(ancestors_.size()),
      slopes_(source.size()) {
  std::iota(ancestors_.begin(), ancestors_.end(), std::size_t{0});
  if (!all_finite(particles_) || !all_finite(target_)) fail_too_large();
  limit_ = divergence_factor * largest(particles_);
}

template <class T>
void SobolevDescent<T>::train_critic() {
  for (std::int64_t k = 0; k < options_.critic_steps; ++k) {
    const T* target = target_batches_.next(target_, columns_);
    const T* particles = particle_batches_.next(particles_, columns_);
    const CriticMeasure measure =
        critic_.step(target, target_batches_.batch(), particles, particle_batches_.batch());
    if (!std::isfinite(measure.difference) || !std::isfinite(measure.constraint) ||
        !std::isfinite(measure.gradient_norm))
      fail_numerical("the critic is not finite at step " + std::to_string(steps_ + 1) +
                     "; a smaller " + setting("lr") + " or " + setting("rho") + " may help");
    sums_.difference += measure.difference;
    sums_.constraint += measure.constraint;
    sums_.gradient_norm += measure.gradient_norm;
  }
}

template <class T>
double SobolevDescent<T>::schedule() const {
  if (!options_.decay) return 1;
  const double done = static_cast<double>(steps_) / static_cast<double>(options_.steps);
  return 0.5 * (1 + std::cos(pi * done));
}

template <class T>
void SobolevDescent<T>::step() {
  train_critic();
  critic_.evaluate(particles_.data(), ancestors_.size(), values_.data(), slopes_.data());
  const T eps = static_cast<T>(options_.step_size * schedule());
  for (std::size_t i = 0; i < particles_.size(); ++i) particles_[i] += eps * slopes_[i];
  if (!all_within(particles_, limit_) || !all_finite(values_))
    fail_numerical("a particle diverged at step " + std::to_string(steps_ + 1) + "; a smaller " +
                   setting("step_size") + " or " + setting("lr") + " may help");
  if (options_.tau > 0) {
    const double rate = options_.critic.alpha * options_.tau * schedule();
    const Generation generation = births_and_deaths(
        {values_.begin(), values_.end()}, rate, options_.seed, static_cast<std::uint32_t>(steps_));
    follow_parents(generation.parent);
    sums_.births += generation.births;
    sums_.deaths += generation.deaths;
  }
  ++steps_;
}

template <class T>
void SobolevDescent<T>::follow_parents(const std::vector<std::size_t>& parent) {
  // A parent that lives keeps its place, so copying never reads what was overwritten.
  for (std::size_t i = 0; i < parent.size(); ++i) {
    if (parent[i] == i) continue;
    std::copy_n(particles_.data() + parent[i] * columns_, columns_,
                particles_.data() + i * columns_);
    ancestors_[i] = ancestors_[parent[i]];
  }
}

template <class T>
std::vector<T> SobolevDescent<T>::rows() const {
  return scale_.in_data_units(particles_);
}

template <class T>
DescentReport SobolevDescent<T>::report() {
  DescentReport report = sums_;
  const double critic_steps =
      static_cast<double>((steps_ - reported_steps_) * options_.critic_steps);
  if (critic_steps > 0) {
    report.difference /= critic_steps;
    report.constraint /= critic_steps;
    report.gradient_norm /= critic_steps;
  }
  report.multiplier = critic_.multiplier();
  sums_ = {};
  reported_steps_ = steps_;
  return report;
}

template class SobolevDescent<float>;
template class SobolevDescent<double>;

}  // namespace pushforward
