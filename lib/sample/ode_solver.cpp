#include "sample/ode_solver.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "base/error.hpp"
#include "base/random.hpp"
#include "base/short_number.hpp"

namespace pushforward {
namespace {

// Hairer, Norsett, Wanner: the code DOPRI5.
constexpr double safety = 0.9, damping = 0.04, exponent = 0.2 - 0.75 * damping;
constexpr double min_factor = 0.2, max_factor = 10, min_error = 1e-4;
constexpr double first_step = 0.1, shortest_step = 1e-9;  // in ln sigma
constexpr std::size_t width = PlanWidths<float>::widest;

template <class T>
void fill_signs(const Random& random, std::uint64_t row, std::size_t probe, std::size_t count,
                T* out) {
  std::array<std::uint32_t, 4> words{};
  for (std::size_t i = 0; i < count; ++i) {
    if (i % 128 == 0)
      words =
          random.words(row, static_cast<std::uint32_t>(probe), static_cast<std::uint32_t>(i / 128));
    out[i] = (words[i / 32 % 4] >> (i % 32) & 1) != 0 ? T(1) : T(-1);
  }
}

}  // namespace

template <class T>
struct OdeSolver<T>::Row {
  std::size_t index = 0;  // in the job
  double lambda = 0, h = 0;
  double error = min_error;  // of the step before
  bool refused = false;      // was the last attempt?
  bool last = false;         // does the step end at the level asked for?
  std::uint64_t attempts = 0;
  double log_error = 0;
};

// Arrays hold one row per slot. After the last slot there is room for the widest plan.
template <class T>
struct OdeSolver<T>::Lane {
  std::vector<Row> rows;
  std::vector<T> y, slope, traces;
  std::vector<std::vector<T>> directions;
  std::vector<double> totals;  // log-density integrals so far, `traces` per slot
  std::vector<T> lambda, h, total;
  std::vector<T> next_y, next_slope, next_traces, error, change, log_error;

  void move(std::size_t from, std::size_t to) {
    rows[to] = rows[from];
    const auto move_in = [&](auto& array) {
      const std::size_t columns = array.size() / (2 * width);
      std::copy_n(array.data() + from * columns, columns, array.data() + to * columns);
    };
    move_in(y);
    move_in(slope);
    move_in(traces);
    move_in(totals);
    for (std::vector<T>& direction : directions) move_in(direction);
  }
};

template <class T>
struct OdeSolver<T>::Job {
  const OdeRun& run;
  const T* x;
  double from, to;                               // ln of the levels
  std::vector<double> begin_radius, end_radius;  // r at either
  RowFeed* feed;
  OdeRows<T>* out;
  Lane* lane;
  int worker;
};

template <class T>
OdeSolver<T>::OdeSolver(const ChainTarget& target, OdeSettings settings, Workers* workers)
    : dimension_(static_cast<std::size_t>(target.dimension)),
      max_slots_(PlanWidths<T>::within(target.lane_rows(width))),
      traces_(static_cast<std::size_t>(settings.traces())),
      probes_(settings.trace == Trace::hutchinson ? traces_ : 0),
      settings_(std::move(settings)),
      workers_(workers),
      parameters_(target.parameters->values.begin(), target.parameters->values.end()),
      starts_([this, target](Scope scope,
                             int rows) { return ode_start_plan(target, settings_, scope, rows); },
              *target.parameters, parameters_, workers->count()),
      steps_([this, target](Scope scope,
                            int rows) { return ode_step_plan(target, settings_, scope, rows); },
             *target.parameters, parameters_, workers->count()),
      lanes_(static_cast<std::size_t>(workers->count())) {
  if (settings_.centre.empty()) settings_.centre.assign(dimension_, 0);
  if (settings_.scale.empty()) settings_.scale.assign(dimension_, 1);
  for (Lane& lane : lanes_) {
    lane.rows.resize(width);
    lane.totals.resize(2 * width * traces_);
    lane.directions.resize(probes_);
    for (std::vector<T>* array : {&lane.y, &lane.slope, &lane.next_y, &lane.next_slope})
      array->resize(2 * width * dimension_);
    for (std::vector<T>& direction : lane.directions) direction.resize(2 * width * dimension_);
    for (std::vector<T>* array : {&lane.traces, &lane.next_traces, &lane.change})
      array->resize(2 * width * traces_);
    for (std::vector<T>* array : {&lane.lambda, &lane.h, &lane.total, &lane.error, &lane.log_error})
      array->resize(2 * width);
  }
}

template <class T>
OdeSolver<T>::~OdeSolver() = default;

template <class T>
OdeRows<T> OdeSolver<T>::solve(const OdeRun& run, const T* x, std::size_t count) {
  OdeRows<T> out;
  out.x.resize(count * dimension_);
  out.evaluations.resize(count);
  if (traces_ > 0)
    for (std::vector<double>* values : {&out.log_change, &out.log_error, &out.probe_error})
      values->resize(count);
  if (count == 0) return out;
  RowFeed feed(count, run.progress);
  Job job{run, x, std::log(run.from), std::log(run.to), {}, {}, &feed, &out, nullptr, 0};
  for (const double scale : settings_.scale) {
    job.begin_radius.push_back(std::hypot(run.from, scale));
    job.end_radius.push_back(std::hypot(run.to, scale));
  }
  const std::size_t slots = slots_for(count, max_slots_, workers_->count());
  workers_->run(static_cast<std::size_t>(workers_->count()), [&](std::size_t, int worker) {
    Job mine = job;
    mine.lane = &lanes_[static_cast<std::size_t>(worker)];
    mine.worker = worker;
    run_slots(&feed, slots, worker,
              {[&](std::size_t begin, std::size_t first, std::size_t taken) {
                 enter(mine, begin, first, taken);
               },
               [&](std::size_t active) { attempt(mine, active); },
               [&](std::size_t slot) { return end_attempt(mine, slot); },
               [&](std::size_t from, std::size_t to) { mine.lane->move(from, to); }});
  });
  feed.check();
  return out;
}

template <class T>
void OdeSolver<T>::enter(const Job& job, std::size_t begin, std::size_t first, std::size_t count) {
  Lane& lane = *job.lane;
  const Random random(job.run.seed, Stream::probes);
  for (std::size_t i = 0; i < count; ++i) {
    const std::size_t slot = begin + i;
    Row& row = lane.rows[slot];
    row = Row();
    row.index = first + i;
    row.lambda = job.from;
    row.h = std::copysign(first_step, job.to - job.from);
    limit(job, &row);
    lane.lambda[slot] = static_cast<T>(job.from);
    for (std::size_t j = 0; j < dimension_; ++j) {
      const double x = static_cast<double>(job.x[row.index * dimension_ + j]);
      lane.y[slot * dimension_ + j] =
          static_cast<T>((x - settings_.centre[j]) / job.begin_radius[j]);
    }
    for (std::size_t k = 0; k < probes_; ++k)
      fill_signs(random, job.run.number(row.index), k, dimension_,
                 lane.directions[k].data() + slot * dimension_);
    for (std::size_t k = 0; k < traces_; ++k) lane.totals[slot * traces_ + k] = 0;
  }
  std::vector<const T*> inputs = {lane.y.data() + begin * dimension_, lane.lambda.data() + begin};
  for (const std::vector<T>& direction : lane.directions)
    inputs.push_back(direction.data() + begin * dimension_);
  std::vector<T*> outputs = {lane.slope.data() + begin * dimension_};
  if (traces_ > 0) outputs.push_back(lane.traces.data() + begin * traces_);
  starts_.run(count, job.worker, inputs, outputs);
}

template <class T>
void OdeSolver<T>::limit(const Job& job, Row* row) {
  const double left = job.to - row->lambda;
  row->last = std::abs(row->h) * 1.01 >= std::abs(left);
  if (row->last) row->h = left;
}

template <class T>
void OdeSolver<T>::attempt(const Job& job, std::size_t active) {
  Lane& lane = *job.lane;
  for (std::size_t slot = 0; slot < active; ++slot) {
    lane.lambda[slot] = static_cast<T>(lane.rows[slot].lambda);
    lane.h[slot] = static_cast<T>(lane.rows[slot].h);
    double sum = 0;
    for (std::size_t k = 0; k < traces_; ++k) sum += lane.totals[slot * traces_ + k];
    lane.total[slot] = static_cast<T>(traces_ > 0 ? sum / static_cast<double>(traces_) : 0);
  }
  std::vector<const T*> inputs = {lane.y.data(), lane.lambda.data(), lane.h.data(),
                                  lane.total.data(), lane.slope.data()};
  if (traces_ > 0) inputs.push_back(lane.traces.data());
  for (const std::vector<T>& direction : lane.directions) inputs.push_back(direction.data());
  std::vector<T*> outputs = {lane.next_y.data(), lane.next_slope.data(), lane.error.data()};
  if (traces_ > 0)
    outputs.insert(outputs.end(),
                   {lane.next_traces.data(), lane.change.data(), lane.log_error.data()});
  steps_.run(active, job.worker, inputs, outputs);
}

template <class T>
bool OdeSolver<T>::end_attempt(const Job& job, std::size_t slot) {
  Row& row = job.lane->rows[slot];
  const auto fail = [&](const std::string& what) {
    job.feed->fail(row.index, job.run.method + ": row " +
                                  std::to_string(job.run.number(row.index)) + what +
                                  short_number(std::exp(row.lambda)) + "; " + setting("precision") +
                                  " float64 or a larger " + setting("atol") + " and " +
                                  setting("rtol") + " may help");
    return false;
  };
  ++row.attempts;
  const double error = std::sqrt(static_cast<double>(job.lane->error[slot]));
  if (error <= 1) {
    accept(job, slot, error);
    if (row.last) {
      leave(job, slot);
      return false;
    }
  } else {
    row.h *= std::isfinite(error) ? std::max(min_factor, safety / std::pow(error, exponent))
                                  : min_factor;
    row.refused = true;
    if (!std::isfinite(error) && std::abs(row.h) < shortest_step)
      return fail(" meets numbers that are not finite at noise level ");
  }
  limit(job, &row);
  if (row.attempts >= job.run.max_attempts)
    return fail(" is not done after " + std::to_string(job.run.max_attempts) +
                " steps, at noise level ");
  return !job.feed->abandoned(row.index);
}

template <class T>
void OdeSolver<T>::accept(const Job& job, std::size_t slot, double error) {
  Lane& lane = *job.lane;
  Row& row = lane.rows[slot];
  const std::size_t at = slot * dimension_;
  std::copy_n(lane.next_y.data() + at, dimension_, lane.y.data() + at);
  std::copy_n(lane.next_slope.data() + at, dimension_, lane.slope.data() + at);
  for (std::size_t k = slot * traces_; k < (slot + 1) * traces_; ++k) {
    lane.traces[k] = lane.next_traces[k];
    lane.totals[k] += static_cast<double>(lane.change[k]);
  }
  if (traces_ > 0) row.log_error += static_cast<double>(lane.log_error[slot]);
  row.lambda = row.last ? job.to : row.lambda + row.h;
  row.h *=
      std::clamp(safety * std::pow(row.error, damping) / std::pow(std::max(error, 1e-10), exponent),
                 min_factor, row.refused ? 1 : max_factor);
  row.error = std::max(error, min_error);
  row.refused = false;
}

template <class T>
void OdeSolver<T>::leave(const Job& job, std::size_t slot) {
  const Lane& lane = *job.lane;
  const Row& row = lane.rows[slot];
  OdeRows<T>& out = *job.out;
  const double variance = job.run.to * job.run.to;
  double spread_change = 0;
  for (std::size_t j = 0; j < dimension_; ++j) {
    const double radius = job.end_radius[j];
    const double y = static_cast<double>(lane.y[slot * dimension_ + j]);
    double value = settings_.centre[j] + radius * y;
    if (job.run.denoise)  // x - dx / d lambda
      value -=
          radius * static_cast<double>(lane.slope[slot * dimension_ + j]) + variance / radius * y;
    out.x[row.index * dimension_ + j] = static_cast<T>(value);
    spread_change += std::log(radius / job.begin_radius[j]);
  }
  out.evaluations[row.index] = static_cast<std::uint32_t>(1 + 6 * row.attempts);
  if (traces_ == 0) return;
  const double* totals = lane.totals.data() + slot * traces_;
  const double count = static_cast<double>(traces_);
  double mean = 0, squares = 0;
  for (std::size_t k = 0; k < traces_; ++k) mean += totals[k] / count;
  for (std::size_t k = 0; k < traces_; ++k) squares += (totals[k] - mean) * (totals[k] - mean);
  out.log_change[row.index] = mean + spread_change;
  out.log_error[row.index] = row.log_error;
  out.probe_error[row.index] = probes_ == 0   ? 0
                               : probes_ == 1 ? std::numeric_limits<double>::quiet_NaN()
                                              : std::sqrt(squares / (count - 1) / count);
}

template class OdeSolver<float>;
template class OdeSolver<double>;

}  // namespace pushforward
