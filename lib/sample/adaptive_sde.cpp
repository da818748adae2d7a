#include "sample/adaptive_sde.hpp"

#include <algorithm>
#include <cmath>

#include "base/error.hpp"
#include "base/random.hpp"
#include "base/short_number.hpp"
#include "sample/brownian_path.hpp"
#include "sample/larger.hpp"

namespace pushforward {
namespace {

// The paper's: r = 0.9 for exponent and safety; the first step is a hundredth of the time.
constexpr double safety = 0.9, exponent = 0.9, first_share = 0.01;
constexpr double shortest_share = 1e-12;

constexpr std::size_t width = PlanWidths<float>::widest;

BuiltPlan build_step(const ChainTarget& target, const SdeSettings& settings, Scope scope,
                     int rows) {
  Graph& graph = scope.graph();
  const int columns = target.dimension;
  const auto matrix = [&](const char* name) { return graph.input(name, rows, columns); };
  const auto column = [&](const char* name) { return graph.input(name, rows, 1); };
  const Expr x = matrix("x"), before = matrix("before"), noise = matrix("noise");
  const Expr sigma = column("sigma"), sigma_next = column("sigma_next");
  const Expr variance = column("variance"), floor = column("floor");
  const Expr euler = x + variance * target.source.score(scope, x, sigma) + noise;
  const Expr other = x + variance * target.source.score(scope, euler, sigma_next) + noise;
  const Expr scale =
      settings.scale.empty() ? graph.constant(1) : graph.constant(1, columns, settings.scale);
  const Expr delta = larger(floor * scale, settings.rtol * larger(abs(euler), abs(before)));
  const Expr error = sum_columns(square(0.5 * (other - euler) / delta)) / double(columns);
  return {{x, before, noise, sigma, sigma_next, variance, floor},
          {0.5 * (euler + other), euler, error}};
}

BuiltPlan build_denoiser(const ChainTarget& target, Scope scope, int rows) {
  const Expr x = scope.graph().input("x", rows, target.dimension);
  const Expr sigma = scope.graph().input("sigma", 1, 1);
  const Expr mean = x + square(sigma) * target.source.score(scope, x, sigma);
  return {{x, sigma}, {broadcast(mean, rows, target.dimension)}};
}

}  // namespace

template <class T>
struct AdaptiveSde<T>::Row {
  std::size_t index = 0;  // in the job
  double t = 0, h = 0, next = 0;
  double variance = 0;  // of the step's noise
  std::uint64_t attempts = 0;
  BrownianPath path;
};

// Arrays hold one row per slot.
template <class T>
struct AdaptiveSde<T>::Lane {
  std::vector<Row> rows = std::vector<Row>(width);
  std::vector<T> x, before, noise, result, euler;
  std::vector<T> sigma = std::vector<T>(width), sigma_next = sigma, variance = sigma, floor = sigma,
                 error = sigma;
};

template <class T>
struct AdaptiveSde<T>::Job {
  const SdeRun& run;
  const T* x;
  RowFeed* feed;
  SdeRows<T>* out;
  Lane* lane;
};

template <class T>
AdaptiveSde<T>::AdaptiveSde(const ChainTarget& target, const Process& process, SdeSettings settings,
                            Workers* workers)
    : dimension_(static_cast<std::size_t>(target.dimension)),
      max_slots_(PlanWidths<T>::within(target.lane_rows(width))),
      process_(&process),
      settings_(std::move(settings)),
      workers_(workers),
      parameters_(target.parameters->values.begin(), target.parameters->values.end()),
      steps_([this, target](Scope scope,
                            int rows) { return build_step(target, settings_, scope, rows); },
             *target.parameters, parameters_, workers->count()),
      denoisers_([target](Scope scope, int rows) { return build_denoiser(target, scope, rows); },
                 *target.parameters, parameters_, workers->count()),
      lanes_(static_cast<std::size_t>(workers->count())) {
  for (Lane& lane : lanes_)
    for (std::vector<T>* array : {&lane.x, &lane.before, &lane.noise, &lane.result, &lane.euler})
      array->resize(width * dimension_);
}

template <class T>
AdaptiveSde<T>::~AdaptiveSde() = default;

template <class T>
SdeRows<T> AdaptiveSde<T>::solve(const SdeRun& run, const T* x, std::size_t count) {
  SdeRows<T> out;
  out.x.resize(count * dimension_);
  out.evaluations.resize(count);
  if (count == 0) return out;
  RowFeed feed(count, run.progress);
  const std::size_t slots = slots_for(count, max_slots_, workers_->count());
  workers_->run(static_cast<std::size_t>(workers_->count()), [&](std::size_t, int worker) {
    Lane& lane = lanes_[static_cast<std::size_t>(worker)];
    const Job job{run, x, &feed, &out, &lane};
    const std::vector<const T*> inputs = {
        lane.x.data(),          lane.before.data(),   lane.noise.data(), lane.sigma.data(),
        lane.sigma_next.data(), lane.variance.data(), lane.floor.data()};
    const std::vector<T*> outputs = {lane.result.data(), lane.euler.data(), lane.error.data()};
    run_slots(&feed, slots, worker,
              {[&](std::size_t begin, std::size_t first, std::size_t taken) {
                 enter(job, begin, first, taken);
               },
               [&](std::size_t active) {
                 for (std::size_t slot = 0; slot < active; ++slot) plan_step(job, slot);
                 steps_.run(active, worker, inputs, outputs);
               },
               [&](std::size_t slot) { return end_attempt(job, slot); },
               [&](std::size_t from, std::size_t to) {
                 std::swap(lane.rows[from], lane.rows[to]);
                 for (std::vector<T>* array : {&lane.x, &lane.before})
                   std::copy_n(array->data() + from * dimension_, dimension_,
                               array->data() + to * dimension_);
               }});
  });
  feed.check();
  if (run.denoise) {
    denoise(process_->sigma(run.to), &out.x);
    for (std::uint32_t& evaluations : out.evaluations) ++evaluations;
  }
  return out;
}

template <class T>
void AdaptiveSde<T>::enter(const Job& job, std::size_t begin, std::size_t first,
                           std::size_t count) {
  const Random random(job.run.seed, Stream::sampler);
  std::copy_n(job.x + first * dimension_, count * dimension_,
              job.lane->x.data() + begin * dimension_);
  std::copy_n(job.x + first * dimension_, count * dimension_,
              job.lane->before.data() + begin * dimension_);
  for (std::size_t i = 0; i < count; ++i) {
    Row& row = job.lane->rows[begin + i];
    row = Row();
    row.index = first + i;
    row.t = job.run.from;
    row.h = first_share * (job.run.from - job.run.to);
    row.path = BrownianPath(random, job.run.first + row.index, dimension_);
  }
}

template <class T>
void AdaptiveSde<T>::plan_step(const Job& job, std::size_t slot) {
  Lane& lane = *job.lane;
  Row& row = lane.rows[slot];
  row.next = row.t - row.h > job.run.to ? row.t - row.h : job.run.to;
  const double sigma = process_->sigma(row.t), sigma_next = process_->sigma(row.next);
  row.variance = (sigma - sigma_next) * (sigma + sigma_next);
  lane.sigma[slot] = static_cast<T>(sigma);
  lane.sigma_next[slot] = static_cast<T>(sigma_next);
  lane.variance[slot] = static_cast<T>(row.variance);
  lane.floor[slot] = static_cast<T>(settings_.atol / process_->scale(row.t));
  row.path.look(row.variance, lane.noise.data() + slot * dimension_);
}

template <class T>
bool AdaptiveSde<T>::end_attempt(const Job& job, std::size_t slot) {
  Lane& lane = *job.lane;
  Row& row = lane.rows[slot];
  const auto fail = [&](const std::string& what) {
    job.feed->fail(row.index, job.run.method + ": row " +
                                  std::to_string(job.run.first + row.index) + what +
                                  short_number(process_->sigma(row.t)) + "; a larger " +
                                  setting("atol") + " or " + setting("rtol") + " may help");
    return false;
  };
  ++row.attempts;
  const double error = std::sqrt(static_cast<double>(lane.error[slot]));
  const std::size_t at = slot * dimension_;
  if (error <= 1) {
    std::copy_n(lane.result.data() + at, dimension_, lane.x.data() + at);
    std::copy_n(lane.euler.data() + at, dimension_, lane.before.data() + at);
    row.path.advance(row.variance);
    row.t = row.next;
    if (row.t == job.run.to) {
      std::copy_n(lane.x.data() + at, dimension_, job.out->x.data() + row.index * dimension_);
      job.out->evaluations[row.index] = static_cast<std::uint32_t>(2 * row.attempts);
      return false;
    }
  }
  row.h *= std::isfinite(error) ? safety * std::pow(std::max(error, 1e-6), -exponent) : 0.1;
  if (!std::isfinite(error) && row.h < shortest_share * (job.run.from - job.run.to))
    return fail(" meets numbers that are not finite at noise level ");
  if (row.attempts >= job.run.max_attempts)
    return fail(" is not done after " + std::to_string(job.run.max_attempts) +
                " steps, at noise level ");
  return !job.feed->abandoned(row.index);
}

template <class T>
void AdaptiveSde<T>::denoise(double sigma, std::vector<T>* x) {
  const std::size_t rows = x->size() / dimension_;
  const T level = static_cast<T>(sigma);
  workers_->run((rows + max_slots_ - 1) / max_slots_, [&](std::size_t lane_index, int worker) {
    Lane& lane = lanes_[static_cast<std::size_t>(worker)];
    const std::size_t count = std::min(max_slots_, rows - lane_index * max_slots_);
    T* at = x->data() + lane_index * max_slots_ * dimension_;
    std::copy_n(at, count * dimension_, lane.x.data());
    denoisers_.run(count, worker, {lane.x.data(), &level}, {lane.result.data()});
    std::copy_n(lane.result.data(), count * dimension_, at);
  });
}

template class AdaptiveSde<float>;
template class AdaptiveSde<double>;

}  // namespace pushforward
