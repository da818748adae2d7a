#include "likelihood/ddpm_bound.hpp"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <limits>

#include "base/constants.hpp"
#include "base/precision.hpp"
#include "base/random.hpp"
#include "base/stop.hpp"
#include "score/step_variance.hpp"

namespace pushforward {
namespace {

constexpr std::size_t max_lane_rows = 256;

// P(low < Z < high) of a standard normal Z, from the side where the tails are small.
double normal_mass(double low, double high) {
  const double root = std::sqrt(0.5);
  if (low > 0) return 0.5 * (std::erfc(low * root) - std::erfc(high * root));
  return 0.5 * (std::erfc(-high * root) - std::erfc(-low * root));
}

}  // namespace

// Outputs: the step's divergence [n, 1]; the clean row [n, D] and the logarithm of its variance
// [n, D], of use in the last step.
template <class T>
Evaluator<T> DdpmBound<T>::compile(const ScoreModel& model, std::size_t lane, int workers) {
  Graph graph;
  Binding binding(&graph, &model.parameters());
  const Scope scope(&binding);
  const int n = static_cast<int>(lane), d = model.dimension();
  const int classes = model.description().classes;
  const Expr x = graph.input("x", n, d), z = graph.input("z", n, d);
  const Expr context = graph.input("context", n, std::max(classes, 1));
  std::vector<Expr> constants;
  for (const char* name : {"sigma", "log_small", "log_large", "posterior", "factor"})
    constants.push_back(graph.input(name, 1, 1));
  const Expr sigma = constants[0], low = constants[1], high = constants[2];
  const Expr posterior = constants[3], factor = constants[4];
  const Expr y = x + sigma * z, label = classes > 0 ? context : Expr();
  const Expr scaled = model.scaled_score(scope, y, sigma, label);
  const Expr log_variance = model.description().learned_variance
                                ? low + (high - low) * model.variance_share(scope, y, sigma, label)
                                : broadcast(low, n, d);
  const Expr spread = posterior + square(factor * (scaled + z));
  const Expr divergence =
      0.5 * sum_columns(log_variance - log(posterior) + spread * exp(-log_variance) - 1);
  std::vector<Expr> inputs = {x, z, context};
  inputs.insert(inputs.end(), constants.begin(), constants.end());
  return Evaluator<T>(inputs, binding.expressions(),
                      {broadcast(divergence, n, 1), broadcast(y + sigma * scaled, n, d),
                       broadcast(log_variance, n, d)},
                      workers);
}

template <class T>
DdpmBound<T>::DdpmBound(const ScoreModel& model, Workers* workers)
    : model_(model),
      dimension_(static_cast<std::size_t>(model.dimension())),
      lane_(network_lane_rows(model.description().network(), max_lane_rows)),
      classes_(static_cast<std::size_t>(model.description().classes)),
      offset_(less(model.offset(), model.description().origin)),
      unit_(model.unit()),
      workers_(workers),
      evaluator_(compile(model, lane_, workers->count())) {
  evaluator_.set_parameters(model.parameters().values);
}

template <class T>
double DdpmBound<T>::decode(const BoundRun& run, const double* x, const T* clean,
                            const T* log_variance) const {
  double nats = 0;
  for (std::size_t j = 0; j < dimension_; ++j) {
    const double mean = offset_[j] + unit_[j] * static_cast<double>(clean[j]);
    const double log_deviation = std::log(unit_[j]) + 0.5 * static_cast<double>(log_variance[j]);
    const double deviation = std::exp(log_deviation);
    if (!run.eight_bit) {
      const double distance = (x[j] - mean) / deviation;
      nats += 0.5 * (log_two_pi + distance * distance) + log_deviation;
      continue;
    }
    constexpr double infinity = std::numeric_limits<double>::infinity();
    const double low = x[j] <= 0 ? -infinity : (x[j] - 0.5 - mean) / deviation;
    const double high = x[j] >= 255 ? infinity : (x[j] + 0.5 - mean) / deviation;
    nats -= std::log(std::max(normal_mass(low, high), std::numeric_limits<double>::min()));
  }
  return nats;
}

template <class T>
void DdpmBound<T>::run_lane(const BoundRun& run, const T* x, const T* context, std::size_t first,
                            std::size_t count, int worker, BoundRows* out) {
  const Process& process = model_.process();
  const int steps = process.settings().levels;
  const double a = process.scale(1), b = a * process.sigma(1);
  const bool large = run.large_variance && !model_.description().learned_variance;
  const Random random(run.seed, Stream::bound);
  std::vector<double> data(count * dimension_);
  std::vector<T> u(lane_ * dimension_), z(u.size()), clean(u.size()), log_variance(u.size());
  std::vector<T> label(lane_ * std::max<std::size_t>(classes_, 1)), divergence(lane_);
  std::copy_n(context, count * classes_, label.data());
  for (std::size_t i = 0; i < data.size(); ++i) {
    const std::size_t j = i % dimension_;
    data[i] = static_cast<double>(x[i]);
    const double value = (data[i] - offset_[j]) / unit_[j];
    u[i] = static_cast<T>(value);
    out->prior[first + i / dimension_] +=
        0.5 * (b * b + a * a * value * value - 1 - 2 * std::log(b));
  }
  std::vector<double> sums(count), squares(count);
  for (int draw = 0; draw < run.draws; ++draw) {
    std::vector<double> total(count);
    for (int k = steps; k >= 1; --k) {
      throw_if_stopped();
      const StepVariance v = ddpm_step_variance(process, k);
      const double sigma = process.sigma(double(k) / steps);
      const T constants[] = {static_cast<T>(sigma),
                             static_cast<T>(std::log(large ? v.large : v.small)),
                             static_cast<T>(std::log(v.large)), static_cast<T>(v.small),
                             static_cast<T>(v.lost / sigma)};
      random.fill_normal(z.data(), count, dimension_, run.first + first,
                         static_cast<std::uint32_t>(draw * steps + k - 1));
      evaluator_.run(worker,
                     {u.data(), z.data(), label.data(), constants, constants + 1, constants + 2,
                      constants + 3, constants + 4},
                     {divergence.data(), clean.data(), log_variance.data()});
      for (std::size_t r = 0; r < count; ++r) {
        const std::size_t at = r * dimension_;
        const double nats =
            k > 1 ? static_cast<double>(divergence[r])
                  : decode(run, data.data() + at, clean.data() + at, log_variance.data() + at);
        (k > 1 ? out->diffusion : out->decoder)[first + r] += nats / run.draws;
        total[r] += nats;
      }
    }
    for (std::size_t r = 0; r < count; ++r) {
      sums[r] += total[r];
      squares[r] += total[r] * total[r];
    }
  }
  const double n = run.draws;
  for (std::size_t r = 0; r < count; ++r) {
    const double spread = std::max(0.0, squares[r] / n - sums[r] / n * (sums[r] / n));
    out->error[first + r] =
        run.draws > 1 ? std::sqrt(spread / (n - 1)) : std::numeric_limits<double>::quiet_NaN();
  }
}

template <class T>
BoundRows DdpmBound<T>::bound(const BoundRun& run, const T* x, const T* context,
                              std::size_t count) {
  BoundRows out;
  for (std::vector<double>* part : {&out.prior, &out.diffusion, &out.decoder, &out.error})
    part->resize(count);
  const std::size_t lanes = (count + lane_ - 1) / lane_;
  std::atomic<std::size_t> done{0};
  workers_->run(lanes, [&](std::size_t index, int worker) {
    const std::size_t first = index * lane_;
    run_lane(run, x + first * dimension_, context + first * classes_, first,
             std::min(lane_, count - first), worker, &out);
    const std::size_t finished = ++done;
    if (worker == 0 && run.progress)
      run.progress(static_cast<double>(finished) / static_cast<double>(lanes));
  });
  return out;
}

template class DdpmBound<float>;
template class DdpmBound<double>;

}  // namespace pushforward
