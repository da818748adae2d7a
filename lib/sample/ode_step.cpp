#include "sample/ode_step.hpp"

#include <algorithm>

#include "nn/divergence.hpp"
#include "sample/larger.hpp"

namespace pushforward {
namespace {

constexpr int stages = 7;
constexpr double nodes[stages] = {0, 1.0 / 5, 3.0 / 10, 4.0 / 5, 8.0 / 9, 1, 1};
// The last row is also the fifth-order result.
constexpr double weights[stages][stages - 1] = {
    {},
    {1.0 / 5},
    {3.0 / 40, 9.0 / 40},
    {44.0 / 45, -56.0 / 15, 32.0 / 9},
    {19372.0 / 6561, -25360.0 / 2187, 64448.0 / 6561, -212.0 / 729},
    {9017.0 / 3168, -355.0 / 33, 46732.0 / 5247, 49.0 / 176, -5103.0 / 18656},
    {35.0 / 384, 0, 500.0 / 1113, 125.0 / 192, -2187.0 / 6784, 11.0 / 84}};
// Fifth-order minus fourth-order result.
constexpr double error_weights[stages] = {71.0 / 57600,      0,          -71.0 / 16695, 71.0 / 1920,
                                          -17253.0 / 339200, 22.0 / 525, -1.0 / 40};

Expr row(Graph& graph, int columns, const std::vector<double>& values, double otherwise) {
  if (values.empty()) return graph.constant(otherwise);
  return graph.constant(1, columns, values);
}

// sum_i weights[i] parts[i].
Expr combine(const double* weight, const std::vector<Expr>& parts) {
  Expr sum;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (weight[i] == 0) continue;
    const Expr part = weight[i] * parts[i];
    sum = sum.valid() ? sum + part : part;
  }
  return sum;
}

// What the coordinates are at a level.
struct Coordinates {
  Coordinates(Graph& graph, int columns, const OdeSettings& settings, Expr lambda)
      : variance(exp(2.0 * lambda)),
        spread(variance + square(row(graph, columns, settings.scale, 1))),
        radius(sqrt(spread)),
        centre(row(graph, columns, settings.centre, 0)) {}
  Expr variance;  // sigma^2, [n, 1]
  Expr spread;    // r^2, [n, D] or [n, 1]
  Expr radius;
  Expr centre;
};

Expr squared_ratio(const OdeSettings& settings, Expr error, Expr before, Expr after) {
  return square(error / (settings.atol + settings.rtol * larger(abs(before), abs(after))));
}

struct OdeSlope {
  Expr y;       // dy / d lambda, [n, D]
  Expr traces;  // divergence of the flow of y, [n, settings.traces()]; invalid for none
};

OdeSlope ode_slope(const ScoreSource& source, Scope scope, const OdeSettings& settings, Expr y,
                   Expr lambda, const std::vector<Expr>& directions) {
  const int rows = y.rows(), columns = y.columns();
  const Coordinates at(y.graph(), columns, settings, lambda);
  const Expr x = at.centre + at.radius * y;
  const Expr score = source.score(scope, x, exp(lambda));
  // The flow of r alone shrinks y by this.
  const Expr shrink = at.variance / at.spread;
  OdeSlope slope;
  slope.y = broadcast(-(at.variance / at.radius) * score - shrink * y, rows, columns);
  if (settings.trace == Trace::none) return slope;
  const Expr shrink_sum =
      shrink.columns() == columns ? sum_columns(shrink) : double(columns) * shrink;
  std::vector<Expr> traces;
  if (settings.trace == Trace::exact) {
    traces = {exact_divergence(score, x)};
  } else {
    for (const Expr direction : directions)
      traces.push_back(projected_divergence(score, x, direction));
  }
  for (Expr& trace : traces) trace = broadcast(-at.variance * trace - shrink_sum, rows, 1);
  slope.traces = hstack(traces);
  return slope;
}

struct OdeAttempt {
  OdeSlope slope;  // at the end of the step: the first of the next one
  Expr y;          // [n, D]
  Expr traces;     // integral of the divergence over the step, [n, traces]; invalid for none
  Expr error;      // mean over the components of (error / (atol + rtol size))^2, [n, 1]
  // Estimated change of the final log density by the step's error, [n, 1]; invalid without a trace.
  Expr log_error;
};

OdeAttempt ode_attempt(const ScoreSource& source, Scope scope, const OdeSettings& settings, Expr y,
                       Expr lambda, Expr h, const OdeSlope& first, Expr total,
                       const std::vector<Expr>& directions) {
  const bool traced = settings.trace != Trace::none;
  std::vector<Expr> slopes = {first.y}, traces = {first.traces};
  OdeAttempt attempt;
  for (int stage = 1; stage < stages; ++stage) {
    attempt.y = y + h * combine(weights[stage], slopes);
    const Expr there = lambda + nodes[stage] * h;
    attempt.slope = ode_slope(source, scope, settings, attempt.y, there, directions);
    slopes.push_back(attempt.slope.y);
    traces.push_back(attempt.slope.traces);
  }
  const double components = y.columns() + (traced ? 1 : 0);
  const Expr error = h * combine(error_weights, slopes);
  Expr squares = sum_columns(squared_ratio(settings, error, y, attempt.y));
  if (traced) {
    const double mean = 1.0 / settings.traces();
    const std::vector<Expr> before_last(traces.begin(), traces.end() - 1);
    attempt.traces = h * combine(weights[stages - 1], before_last);
    const Expr log_error = mean * sum_columns(h * combine(error_weights, traces));
    const Expr after = total + mean * sum_columns(attempt.traces);
    squares = squares + squared_ratio(settings, log_error, total, after);
    // An error of y at this level moves the rest of the integral by the score there, which is
    // (dy / d lambda + shrink y) r / -sigma^2 in y's own units.
    const Coordinates at(y.graph(), y.columns(), settings, lambda + h);
    const Expr score = -(at.spread / at.variance) * attempt.slope.y - attempt.y;
    attempt.log_error = abs(sum_columns(score * error) + log_error);
  }
  attempt.error = squares / components;
  return attempt;
}

// The directions of a plan, which become its last inputs.
std::vector<Expr> add_directions(Graph& graph, int columns, const OdeSettings& settings, int rows,
                                 std::vector<Expr>* inputs) {
  std::vector<Expr> directions;
  if (settings.trace == Trace::hutchinson)
    for (int k = 0; k < settings.probes; ++k)
      directions.push_back(graph.input("direction", rows, columns));
  inputs->insert(inputs->end(), directions.begin(), directions.end());
  return directions;
}

}  // namespace

BuiltPlan ode_start_plan(const ChainTarget& target, const OdeSettings& settings, Scope scope,
                         int rows) {
  Graph& graph = scope.graph();
  BuiltPlan built;
  built.inputs = {graph.input("y", rows, target.dimension), graph.input("lambda", rows, 1)};
  const std::vector<Expr> directions =
      add_directions(graph, target.dimension, settings, rows, &built.inputs);
  const OdeSlope slope =
      ode_slope(target.source, scope, settings, built.inputs[0], built.inputs[1], directions);
  built.outputs = {slope.y};
  if (settings.trace != Trace::none) built.outputs.push_back(slope.traces);
  return built;
}

BuiltPlan ode_step_plan(const ChainTarget& target, const OdeSettings& settings, Scope scope,
                        int rows) {
  Graph& graph = scope.graph();
  const bool traced = settings.trace != Trace::none;
  const Expr y = graph.input("y", rows, target.dimension);
  const Expr lambda = graph.input("lambda", rows, 1);
  const Expr h = graph.input("h", rows, 1), total = graph.input("total", rows, 1);
  OdeSlope first{graph.input("slope", rows, target.dimension), Expr()};
  if (traced) first.traces = graph.input("traces", rows, settings.traces());
  BuiltPlan built;
  built.inputs = {y, lambda, h, total, first.y};
  if (traced) built.inputs.push_back(first.traces);
  const std::vector<Expr> directions =
      add_directions(graph, target.dimension, settings, rows, &built.inputs);
  const OdeAttempt attempt =
      ode_attempt(target.source, scope, settings, y, lambda, h, first, total, directions);
  built.outputs = {attempt.y, attempt.slope.y, attempt.error};
  if (traced)
    built.outputs.insert(built.outputs.end(),
                         {attempt.slope.traces, attempt.traces, attempt.log_error});
  return built;
}

}  // namespace pushforward
