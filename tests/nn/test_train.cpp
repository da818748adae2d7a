#include <catch2/catch.hpp>
#include <cmath>
#include <csignal>

#include "base/error.hpp"
#include "base/stop.hpp"
#include "nn/layers.hpp"
#include "nn/loss_program.hpp"
#include "nn/train.hpp"

using namespace pushforward;

namespace {

// Regression of the last column on the others, with noise a row is given: enough to see every
// input of the loop.
class Regression : public Objective {
 public:
  [[nodiscard]] int normal_columns() const override { return 1; }
  [[nodiscard]] int uniform_columns() const override { return 1; }
  [[nodiscard]] Expr loss(Scope scope, const LossInputs& in) const override {
    MlpShape shape;
    shape.hidden = 24;
    const Expr y = mlp(scope / "net", slice_columns(in.x, 0, 2), 1, shape);
    return square(y - slice_columns(in.x, 2, 1) + 0.01 * in.normals) * (0.5 + in.uniforms);
  }
};

TrainingRows rows_of(std::size_t count, std::uint64_t seed) {
  TrainingRows rows;
  rows.columns = 3;
  rows.values.resize(3 * count);
  Random(seed, Stream::data).fill_normal(rows.values.data(), count, 3, 0);
  for (std::size_t i = 0; i < count; ++i)
    rows.values[3 * i + 2] = std::sin(rows.values[3 * i]) * rows.values[3 * i + 1];
  return rows;
}

ParameterTable declared(const Objective& objective) {
  ParameterTable table;
  Graph graph;
  Binding binding(&graph, &table, 7);
  (void)objective.loss(Scope(&binding), {graph.input("x", 1, 3), graph.input("w", 1, 1),
                                         graph.input("n", 1, 1), graph.input("u", 1, 1), Expr()});
  return table;
}

TrainingOptions base_options() {
  TrainingOptions options;
  options.steps = 60;
  options.batch = 300;  // three lanes, the last one partly filled
  options.ema = 0.9;
  options.clip_norm = 1;
  options.schedule = Schedule::cosine;
  options.validate_every = 20;
  options.log_every = 7;
  options.seed = 3;
  return options;
}

void check_equal(const TrainingState& a, const TrainingState& b) {
  CHECK(a.parameters == b.parameters);
  CHECK(a.first_moment == b.first_moment);
  CHECK(a.second_moment == b.second_moment);
  CHECK(a.ema == b.ema);
  CHECK(a.best == b.best);
  CHECK(a.best_validation == b.best_validation);
  REQUIRE(a.log.size() == b.log.size());
  for (std::size_t i = 0; i < a.log.size(); ++i) {
    CHECK(a.log[i].step == b.log[i].step);
    CHECK(a.log[i].loss == b.log[i].loss);
    CHECK(a.log[i].gradient_norm == b.log[i].gradient_norm);
  }
}

}  // namespace

TEMPLATE_TEST_CASE("training learns, and threads do not change a bit", "[train]", float, double) {
  const Regression objective;
  const ParameterTable table = declared(objective);
  const TrainingRows rows = rows_of(1000, 1), held_out = rows_of(200, 2);
  TrainingOptions options = base_options();
  options.steps = 300;
  options.learning_rate = 1e-2;
  TrainingState one, two, three;
  train<TestType>({objective, table, rows, held_out}, options, {}, &one);
  options.threads = 2;
  train<TestType>({objective, table, rows, held_out}, options, {}, &two);
  options.threads = 3;
  train<TestType>({objective, table, rows, held_out}, options, {}, &three);
  check_equal(one, two);
  check_equal(one, three);
  CHECK(one.log.back().loss < 0.3 * one.log.front().loss);
  CHECK(one.best_validation < 0.1);
  options.seed = 4;
  TrainingState other;
  train<TestType>({objective, table, rows, held_out}, options, {}, &other);
  CHECK(other.parameters != one.parameters);
}

TEST_CASE("a stopped and continued run gives the bits of one that was not", "[train]") {
  const Regression objective;
  const ParameterTable table = declared(objective);
  const TrainingRows rows = rows_of(700, 1), held_out = rows_of(100, 2);
  TrainingOptions options = base_options();
  TrainingState whole;
  train<float>({objective, table, rows, held_out}, options, {}, &whole);
  TrainingState saved;
  options.checkpoint_every_steps = 23;
  TrainingHooks hooks;
  hooks.checkpoint = [&](const TrainingState& state) {
    if (state.step == 23) saved = state;
  };
  TrainingState first;
  train<float>({objective, table, rows, held_out}, options, hooks, &first);
  check_equal(whole, first);
  REQUIRE(saved.step == 23);
  train<float>({objective, table, rows, held_out}, options, {}, &saved);
  check_equal(whole, saved);
}

TEST_CASE("the loop's gradient is the mean loss's gradient", "[train]") {
  const Regression objective;
  ParameterTable table = declared(objective);
  const TrainingRows rows = rows_of(50, 5);
  LossProgram<double> program(objective, table, lane_rows, 3, true, 1);
  std::vector<std::uint64_t> index(50);
  for (std::size_t i = 0; i < 50; ++i) index[i] = i;
  const LossProgram<double>::Noise noise{Random(1, Stream::loss_noise),
                                         Random(1, Stream::loss_level), 0, 9};
  std::vector<double> gradient(table.size());
  program.bind_parameters(table.values.data());
  (void)program.run(0, rows, index.data(), 50, noise, gradient.data());
  std::vector<double> unused(table.size());
  for (std::size_t i = 0; i < table.size(); i += 37) {
    const double value = table.values[i], h = 1e-5;
    const auto at = [&](double v) {
      table.values[i] = v;
      program.bind_parameters(table.values.data());
      return program.run(0, rows, index.data(), 50, noise, unused.data());
    };
    const double numeric = (at(value + h) - at(value - h)) / (2 * h);
    table.values[i] = value;
    CHECK(gradient[i] == Approx(numeric).epsilon(1e-6).margin(1e-7));
  }
}

TEST_CASE("one step of Adam is the paper's", "[train]") {
  const Regression objective;
  const ParameterTable table = declared(objective);
  const TrainingRows rows = rows_of(64, 6);
  TrainingOptions options;
  options.steps = 1;
  options.batch = 64;
  options.learning_rate = 0.01;
  options.weight_decay = 0.1;
  TrainingState state;
  train<double>({objective, table, rows, {}}, options, {}, &state);
  // After one step m / (1 - beta1) is g and v / (1 - beta2) is g^2: the step is rate * sign(g),
  // and the decay takes its own share of the old value.
  for (std::size_t i = 0; i < table.size(); i += 11) {
    const double g = state.first_moment[i] / 0.1;
    CHECK(state.second_moment[i] == Approx(0.001 * g * g).epsilon(1e-9));
    const double expected =
        table.values[i] - 0.01 * (g / (std::abs(g) + 1e-8) + 0.1 * table.values[i]);
    CHECK(state.parameters[i] == Approx(expected).epsilon(1e-9).margin(1e-12));
  }
}

TEST_CASE("schedules and lengths", "[train]") {
  TrainingOptions options;
  options.learning_rate = 1;
  options.epochs = 3;
  options.batch = 100;
  CHECK(options.total_steps(950) == 30);
  CHECK(options.total_steps(20) == 3);
  options.steps = 7;
  CHECK(options.total_steps(950) == 7);
  CHECK(options.rate_at(5, 10) == 1);
  options.schedule = Schedule::cosine;
  CHECK(options.rate_at(0, 10) == Approx(1));
  CHECK(options.rate_at(5, 10) == Approx(0.5));
  options.schedule = Schedule::step;
  CHECK(options.rate_at(4, 10) == Approx(1));
  CHECK(options.rate_at(5, 10) == Approx(0.1));
  CHECK(options.rate_at(9, 10) == Approx(0.01));
  options.warmup = 4;
  CHECK(options.rate_at(0, 10) == Approx(0.25));
}

TEST_CASE("an L2 penalty is in the gradient, behind the clipping", "[train]") {
  // The loss is 3 w, so its gradient is 3 and clipping makes it 2; by hand for one parameter.
  class Slope : public Objective {
   public:
    [[nodiscard]] Expr loss(Scope scope, const LossInputs& in) const override {
      return 0.0 * slice_columns(in.x, 0, 1) +
             3.0 * scope.parameter("w", 1, 1, Initializer::constant(5));
    }
  } const objective;
  ParameterTable table = declared(objective);
  const TrainingRows rows = rows_of(4, 1);
  TrainingOptions options;
  options.steps = 3;
  options.batch = 4;
  options.learning_rate = 0.5;
  options.clip_norm = 2;
  options.l2 = 0.25;
  TrainingState state;
  train<double>({objective, table, rows, {}}, options, {}, &state);
  double w = 5, m = 0, v = 0;
  for (int t = 1; t <= 3; ++t) {
    const double g = 2 + 0.25 * w;
    m = 0.9 * m + 0.1 * g;
    v = 0.999 * v + 0.001 * g * g;
    w -= 0.5 * (m / (1 - std::pow(0.9, t))) / (std::sqrt(v / (1 - std::pow(0.999, t))) + 1e-8);
  }
  CHECK(state.parameters[0] == Approx(w).epsilon(1e-12));
  CHECK(state.first_moment[0] == Approx(m).epsilon(1e-12));
  CHECK(state.second_moment[0] == Approx(v).epsilon(1e-12));
  CHECK(state.log.back().gradient_norm == Approx(3));
}

TEST_CASE("a viewer is shown the weights at the start, in between and at the end", "[train]") {
  const Regression objective;
  const ParameterTable table = declared(objective);
  const TrainingRows rows = rows_of(300, 1);
  TrainingOptions options = base_options();
  options.steps = 23;
  TrainingHooks hooks;
  std::vector<std::int64_t> steps;
  std::vector<std::vector<double>> seen;
  hooks.viewer = {10, [&](std::int64_t step, const std::vector<double>& parameters) {
                    steps.push_back(step);
                    seen.push_back(parameters);
                  }};
  TrainingState state;
  train<double>({objective, table, rows, {}}, options, hooks, &state);
  CHECK(steps == std::vector<std::int64_t>{0, 10, 20, 23});
  CHECK(seen.front() == table.values);
  CHECK(seen.back() == state.ema);
  CHECK(seen[1] != seen[2]);
  steps.clear();
  train<double>({objective, table, rows, {}}, options, hooks, &state);  // nothing is left to do
  CHECK(steps == std::vector<std::int64_t>{23});
}

TEST_CASE("patience stops early and keeps the best weights", "[train]") {
  const Regression objective;
  const ParameterTable table = declared(objective);
  const TrainingRows rows = rows_of(30, 1), held_out = rows_of(300, 2);  // overfits at once
  TrainingOptions options = base_options();
  options.steps = 5000;
  options.ema = 0;
  options.learning_rate = 0.02;
  options.schedule = Schedule::constant;
  options.validate_every = 10;
  options.patience = 5;
  TrainingState state;
  train<float>({objective, table, rows, held_out}, options, {}, &state);
  CHECK(state.step < 5000);
  CHECK(state.stale == 5);
  double best = INFINITY;
  for (const LogRow& row : state.log)
    if (std::isfinite(row.validation)) best = std::min(best, row.validation);
  CHECK(best == state.best_validation);
  ParameterTable kept = table;
  kept.values = final_parameters(state);
  // Each row with several draws of noise: as many noised rows as 40 steps see.
  const std::size_t draws =
      validation_draws(objective, held_out.count(), 40 * static_cast<std::size_t>(options.batch));
  CHECK(draws > 1);
  LossProgram<float> program(objective, kept, lane_rows, held_out.columns, false, 2);
  Workers workers(2);
  const std::vector<float> values(kept.values.begin(), kept.values.end());
  CHECK(mean_loss<float>(&program, values.data(), held_out, draws, options.seed, &workers) ==
        Approx(best).epsilon(1e-9));
}

TEST_CASE("a loss that is not finite ends with the step's number", "[train]") {
  const Regression objective;
  const ParameterTable table = declared(objective);
  TrainingRows rows = rows_of(64, 6);
  rows.values[5] = 1e30F;
  TrainingOptions options = base_options();
  TrainingState state;
  try {
    train<float>({objective, table, rows, {}}, options, {}, &state);
    FAIL("no error");
  } catch (const Error& error) {
    CHECK(error.exit_status() == 3);
    CHECK(std::string(error.what()).find("step 1") != std::string::npos);
  }
}

TEST_CASE("a run whose numbers fail leaves the last state that had a finite loss", "[train]") {
  const Regression objective;
  const ParameterTable table = declared(objective);
  const TrainingRows rows = rows_of(300, 6);
  TrainingOptions options = base_options();
  options.schedule = Schedule::constant;
  options.clip_norm = 0;
  options.learning_rate = 1e18;
  options.warmup = 1000000;  // the rate rises until the loss overflows
  options.steps = 1000;
  TrainingState state, left;
  TrainingHooks hooks;
  hooks.checkpoint = [&](const TrainingState& saved) { left = saved; };
  try {
    train<float>({objective, table, rows, {}}, options, hooks, &state);
    FAIL("no error");
  } catch (const Error& error) {
    CHECK(error.exit_status() == 3);
    INFO(error.what());
    REQUIRE(left.failed);
    CHECK(std::string(error.what()).find("holds step " + std::to_string(left.step)) !=
          std::string::npos);
  }
  for (const double value : left.parameters) CHECK(std::isfinite(value));
  for (const double value : left.second_moment) CHECK(std::isfinite(value));
  CHECK((left.log.empty() || left.log.back().step <= left.step));
  // It fails again at the same rate, and goes on at a smaller one.
  TrainingState again = left, eased = left;
  CHECK_THROWS_AS(train<float>({objective, table, rows, {}}, options, {}, &again), Error);
  options.learning_rate = 1e-6;
  train<float>({objective, table, rows, {}}, options, {}, &eased);
  CHECK(eased.step == 1000);
}

TEST_CASE("a state left by a failed run has the best weights of its own step", "[train]") {
  const Regression objective;
  ParameterTable large = declared(objective);
  // Of models this large, weights are kept at every tenth step.
  large.add("unused", 1, 200000, Initializer::zeros(), 7);
  const TrainingRows rows = rows_of(300, 6), held_out = rows_of(50, 2);
  TrainingOptions options = base_options();
  options.schedule = Schedule::constant;
  options.clip_norm = 0;
  options.validate_every = options.log_every = 1;
  options.steps = 1000;
  for (const auto& [rate, warmup] : {std::pair(1e18, 1000000), std::pair(1e12, 100)}) {
    options.learning_rate = rate;
    options.warmup = warmup;
    TrainingState state, left;
    TrainingHooks hooks;
    hooks.checkpoint = [&](const TrainingState& saved) { left = saved; };
    CHECK_THROWS_AS(train<float>({objective, large, rows, held_out}, options, hooks, &state),
                    Error);
    REQUIRE(left.failed);
    CHECK(left.step % 10 == 0);
    double best = std::numeric_limits<double>::infinity();
    for (const LogRow& row : left.log) best = std::fmin(best, row.validation);
    CHECK(left.best.empty() == std::isinf(best));
    if (!left.best.empty()) CHECK(left.best_validation == best);
  }
}

TEST_CASE("a run continued beyond its end gives the bits of the longer one", "[train]") {
  const Regression objective;
  const ParameterTable table = declared(objective);
  const TrainingRows rows = rows_of(700, 1);
  for (const TrainingRows& held_out : {TrainingRows{}, rows_of(100, 2)}) {
    TrainingOptions options = base_options();
    options.schedule = Schedule::constant;
    TrainingState whole;
    train<float>({objective, table, rows, held_out}, options, {}, &whole);
    for (const std::int64_t end : {20, 21, 33, 35, 40}) {
      TrainingState part, same;
      options.steps = end;
      train<float>({objective, table, rows, held_out}, options, {}, &part);
      CHECK(part.log.back().step == end);
      same = part;
      train<float>({objective, table, rows, held_out}, options, {}, &same);
      check_equal(part, same);
      options.steps = 60;
      train<float>({objective, table, rows, held_out}, options, {}, &part);
      check_equal(whole, part);
    }
  }
}
