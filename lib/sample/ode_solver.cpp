#include "sample/ode_solver.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "base/error.hpp"
#include "base/random.hpp"
#include "base/stop.hpp"

namespace pushforward {
namespace {

// Hairer, Norsett, Wanner: the code DOPRI5.
constexpr double safety = 0.9, damping = 0.04, exponent = 0.2 - 0.75 * damping;
constexpr double least_factor = 0.2, most_factor = 10, least_error = 1e-4;
constexpr double first_step = 0.1, shortest_step = 1e-9;  // in ln sigma
// So many slots stand empty before rows enter: their first slope is a plan run of its own.
constexpr std::size_t entering = 16;

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

std::string short_number(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.3g", value);
  return text;
}

BuiltPlan build_start(const ScoreSource& source, const OdeSettings& settings, Scope scope,
                      int rows) {
  Graph& graph = scope.graph();
  BuiltPlan built;
  built.inputs = {graph.input("y", rows, source.dimension()), graph.input("lambda", rows, 1)};
  std::vector<Expr> directions;
  if (settings.trace == Trace::hutchinson)
    for (int k = 0; k < settings.probes; ++k)
      directions.push_back(graph.input("direction", rows, source.dimension()));
  built.inputs.insert(built.inputs.end(), directions.begin(), directions.end());
  const OdeSlope slope =
      ode_slope(source, scope, settings, built.inputs[0], built.inputs[1], directions);
  built.outputs = {slope.y};
  if (settings.trace != Trace::none) built.outputs.push_back(slope.traces);
  return built;
}

BuiltPlan build_step(const ScoreSource& source, const OdeSettings& settings, Scope scope,
                     int rows) {
  Graph& graph = scope.graph();
  const bool traced = settings.trace != Trace::none;
  const Expr y = graph.input("y", rows, source.dimension());
  const Expr lambda = graph.input("lambda", rows, 1);
  const Expr h = graph.input("h", rows, 1), total = graph.input("total", rows, 1);
  OdeSlope first{graph.input("slope", rows, source.dimension()), Expr()};
  if (traced) first.traces = graph.input("traces", rows, settings.traces());
  BuiltPlan built;
  built.inputs = {y, lambda, h, total, first.y};
  if (traced) built.inputs.push_back(first.traces);
  std::vector<Expr> directions;
  if (settings.trace == Trace::hutchinson)
    for (int k = 0; k < settings.probes; ++k)
      directions.push_back(graph.input("direction", rows, source.dimension()));
  built.inputs.insert(built.inputs.end(), directions.begin(), directions.end());
  const OdeAttempt attempt =
      ode_attempt(source, scope, settings, y, lambda, h, first, total, directions);
  built.outputs = {attempt.y, attempt.slope.y, attempt.error};
  if (traced)
    built.outputs.insert(built.outputs.end(),
                         {attempt.slope.traces, attempt.traces, attempt.log_error});
  return built;
}

}  // namespace

template <class T>
struct OdeSolver<T>::Row {
  std::size_t index = 0;  // in the job
  double lambda = 0, h = 0;
  double error = least_error;  // of the step before
  bool refused = false;        // was the last attempt?
  bool last = false;           // does the step end at the level asked for?
  std::uint64_t attempts = 0;
  double log_error = 0;
};

template <class T>
struct OdeSolver<T>::Lane {
  // Slots [0, active) are taken. Arrays hold a row a slot, with room for a plan that begins at the
  // last one.
  std::size_t active = 0;
  std::vector<Row> rows;
  std::vector<T> y, slope, traces;
  std::vector<std::vector<T>> directions;
  std::vector<double> totals;  // log-density integrals so far, `traces` a slot
  std::vector<T> lambda, h, total;
  std::vector<T> next_y, next_slope, next_traces, error, change, log_error;
};

template <class T>
struct OdeSolver<T>::Job {
  const OdeRun& run;
  const T* x;
  double from, to;                               // ln of the levels
  std::vector<double> begin_radius, end_radius;  // r at either
  RowFeed* feed;
  OdeRows<T>* out;
};

template <class T>
OdeSolver<T>::OdeSolver(const ScoreSource& source, OdeSettings settings, Workers* workers)
    : dimension_(static_cast<std::size_t>(source.dimension())),
      traces_(static_cast<std::size_t>(settings.traces())),
      probes_(settings.trace == Trace::hutchinson ? traces_ : 0),
      settings_(std::move(settings)),
      workers_(workers),
      parameters_(source.parameters().values.begin(), source.parameters().values.end()),
      starts_([this, &source](Scope scope,
                              int rows) { return build_start(source, settings_, scope, rows); },
              source.parameters(), parameters_, workers->count()),
      steps_([this, &source](Scope scope,
                             int rows) { return build_step(source, settings_, scope, rows); },
             source.parameters(), parameters_, workers->count()),
      lanes_(static_cast<std::size_t>(workers->count())) {
  if (settings_.centre.empty()) settings_.centre.assign(dimension_, 0);
  if (settings_.scale.empty()) settings_.scale.assign(dimension_, 1);
  for (Lane& lane : lanes_) {
    lane.rows.resize(width);
    lane.totals.resize(width * traces_);
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
  Job job{run, x, std::log(run.from), std::log(run.to), {}, {}, &feed, &out};
  for (const double scale : settings_.scale) {
    job.begin_radius.push_back(std::hypot(run.from, scale));
    job.end_radius.push_back(std::hypot(run.to, scale));
  }
  const std::size_t teams = static_cast<std::size_t>(workers_->count());
  workers_->run(std::min(teams, (count + entering - 1) / entering), [&](std::size_t, int worker) {
    Lane& lane = lanes_[static_cast<std::size_t>(worker)];
    lane.active = 0;
    for (enter(job, &lane, worker); lane.active > 0; enter(job, &lane, worker)) {
      throw_if_stopped();
      attempt(&lane, worker);
      const std::size_t before = lane.active;
      for (std::size_t slot = lane.active; slot-- > 0;) judge(job, &lane, slot);
      feed.finish(before - lane.active, worker);
    }
  });
  feed.check();
  return out;
}

template <class T>
void OdeSolver<T>::enter(const Job& job, Lane* lane, int worker) {
  // A worker leaves rows for the others.
  const std::size_t teams = static_cast<std::size_t>(workers_->count());
  const std::size_t fair = (job.out->evaluations.size() + teams - 1) / teams;
  const std::size_t most = std::min(width, (fair + entering - 1) / entering * entering);
  if (lane->active + entering > most) return;
  std::size_t first = 0;
  const std::size_t begin = lane->active;
  const std::size_t taken = job.feed->take(most - begin, &first);
  if (taken == 0) return;
  const Random random(job.run.seed, Stream::probes);
  for (std::size_t i = 0; i < taken; ++i) {
    const std::size_t slot = begin + i;
    Row& row = lane->rows[slot];
    row = Row();
    row.index = first + i;
    row.lambda = job.from;
    row.h = std::copysign(first_step, job.to - job.from);
    limit(job, &row);
    lane->lambda[slot] = static_cast<T>(job.from);
    for (std::size_t j = 0; j < dimension_; ++j)
      lane->y[slot * dimension_ + j] = static_cast<T>(
          (static_cast<double>(job.x[row.index * dimension_ + j]) - settings_.centre[j]) /
          job.begin_radius[j]);
    for (std::size_t k = 0; k < probes_; ++k)
      fill_signs(random, job.run.first + row.index, k, dimension_,
                 lane->directions[k].data() + slot * dimension_);
    for (std::size_t k = 0; k < traces_; ++k) lane->totals[slot * traces_ + k] = 0;
  }
  std::vector<const T*> inputs = {lane->y.data() + begin * dimension_, lane->lambda.data() + begin};
  for (const std::vector<T>& direction : lane->directions)
    inputs.push_back(direction.data() + begin * dimension_);
  std::vector<T*> outputs = {lane->slope.data() + begin * dimension_};
  if (traces_ > 0) outputs.push_back(lane->traces.data() + begin * traces_);
  starts_.run(taken, worker, inputs, outputs);
  lane->active += taken;
}

template <class T>
void OdeSolver<T>::limit(const Job& job, Row* row) {
  const double left = job.to - row->lambda;
  row->last = std::abs(row->h) * 1.01 >= std::abs(left);
  if (row->last) row->h = left;
}

template <class T>
void OdeSolver<T>::attempt(Lane* lane, int worker) {
  for (std::size_t slot = 0; slot < lane->active; ++slot) {
    lane->lambda[slot] = static_cast<T>(lane->rows[slot].lambda);
    lane->h[slot] = static_cast<T>(lane->rows[slot].h);
    double sum = 0;
    for (std::size_t k = 0; k < traces_; ++k) sum += lane->totals[slot * traces_ + k];
    lane->total[slot] = static_cast<T>(traces_ > 0 ? sum / static_cast<double>(traces_) : 0);
  }
  std::vector<const T*> inputs = {lane->y.data(), lane->lambda.data(), lane->h.data(),
                                  lane->total.data(), lane->slope.data()};
  if (traces_ > 0) inputs.push_back(lane->traces.data());
  for (const std::vector<T>& direction : lane->directions) inputs.push_back(direction.data());
  std::vector<T*> outputs = {lane->next_y.data(), lane->next_slope.data(), lane->error.data()};
  if (traces_ > 0)
    outputs.insert(outputs.end(),
                   {lane->next_traces.data(), lane->change.data(), lane->log_error.data()});
  steps_.run(lane->active, worker, inputs, outputs);
}

template <class T>
bool OdeSolver<T>::judge(const Job& job, Lane* lane, std::size_t slot) {
  Row& row = lane->rows[slot];
  ++row.attempts;
  const double error = std::sqrt(static_cast<double>(lane->error[slot]));
  const auto fail = [&](const std::string& what) {
    job.feed->fail(row.index,
                   job.run.method + ": row " + std::to_string(job.run.first + row.index) + what);
  };
  bool gone = false;
  if (error <= 1) {
    const std::size_t at = slot * dimension_;
    std::copy_n(lane->next_y.data() + at, dimension_, lane->y.data() + at);
    std::copy_n(lane->next_slope.data() + at, dimension_, lane->slope.data() + at);
    for (std::size_t k = slot * traces_; k < (slot + 1) * traces_; ++k) {
      lane->traces[k] = lane->next_traces[k];
      lane->totals[k] += static_cast<double>(lane->change[k]);
    }
    if (traces_ > 0) row.log_error += static_cast<double>(lane->log_error[slot]);
    const double factor = std::clamp(
        safety * std::pow(row.error, damping) / std::pow(std::max(error, 1e-10), exponent),
        least_factor, row.refused ? 1 : most_factor);
    row.lambda = row.last ? job.to : row.lambda + row.h;
    row.h *= factor;
    row.error = std::max(error, least_error);
    row.refused = false;
    if (row.last) leave(job, *lane, slot);
    gone = row.last;
  } else {
    row.h *= std::isfinite(error) ? std::max(least_factor, safety / std::pow(error, exponent))
                                  : least_factor;
    row.refused = true;
    if (!std::isfinite(error) && std::abs(row.h) < shortest_step) {
      fail(" meets numbers that are not finite at noise level " +
           short_number(std::exp(row.lambda)));
      gone = true;
    }
  }
  limit(job, &row);
  if (!gone && row.attempts >= job.run.most_attempts) {
    fail(" needs more than " + std::to_string(job.run.most_attempts) +
         " steps, the last at noise level " + short_number(std::exp(row.lambda)) +
         "; a larger --rtol and --atol, or --precision float64, may help");
    gone = true;
  }
  if (!gone && !job.feed->abandoned(row.index)) return true;
  // The last slot moves into this one.
  const std::size_t last = --lane->active;
  if (last == slot) return false;
  row = lane->rows[last];
  for (std::vector<T>* array : kept(lane)) {
    const std::size_t columns = array->size() / (2 * width);
    std::copy_n(array->data() + last * columns, columns, array->data() + slot * columns);
  }
  std::copy_n(lane->totals.data() + last * traces_, traces_, lane->totals.data() + slot * traces_);
  return false;
}

template <class T>
std::vector<std::vector<T>*> OdeSolver<T>::kept(Lane* lane) {
  std::vector<std::vector<T>*> arrays = {&lane->y, &lane->slope, &lane->traces};
  for (std::vector<T>& direction : lane->directions) arrays.push_back(&direction);
  return arrays;
}

template <class T>
void OdeSolver<T>::leave(const Job& job, const Lane& lane, std::size_t slot) {
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
