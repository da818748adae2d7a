// Moves rows to the distribution of others by the gradient of a critic.
#include <cmath>
#include <optional>

#include "base/error.hpp"
#include "base/stop.hpp"
#include "cli/program.hpp"
#include "descent/descent_file.hpp"
#include "descent/sobolev_descent.hpp"
#include "eval/target_distance.hpp"
#include "io/atomic_file.hpp"
#include "io/carried_rows.hpp"

using namespace pushforward;

namespace {

constexpr double max_steps = 4e9;
constexpr std::size_t max_columns = 1 << 20;

struct Options {
  CommonOptions common;
  ComputeOptions compute;
  DescentOptions descent;
  std::vector<std::string> inputs;  // SOURCE TARGET
  std::string schedule = "cosine", output, trajectory, log;
  std::int64_t trajectory_every = 10, log_every = 100;
};

void declare(CommandLine& line, Options* o) {
  DescentOptions& d = o->descent;
  line.input_operands(&o->inputs, 2, 2, {"SOURCE", "TARGET"});
  line.group("Particles");
  line.integer("steps", &d.steps, {1, max_steps}, "steps of the particles");
  line.number("step-size", &d.step_size, Range::above(0),
              "length of a step where the critic's gradient is 1, in deviations of TARGET");
  line.choice("schedule", &o->schedule, {"cosine", "constant"},
              "step size and tau over the run: cosine falls to 0");
  line.number("unbalanced", &d.tau, Range::at_least(0), "tau of births and deaths; 0 is none");
  line.number("alpha", &d.critic.alpha, Range::above(0),
              "unbalanced: weight of the critic's variance in its constraint");
  line.group("Critic");
  line.integer("hidden", &d.critic.shape.hidden, {1, 65536}, "units of a hidden layer");
  line.integer("depth", &d.critic.shape.depth, {0, 64}, "hidden layers; 0 is a linear critic");
  line.integer("critic-steps", &d.critic_steps, {1, max_steps},
               "its optimizer's steps before each step of the particles");
  line.integer("batch", &d.batch, {1, 1 << 24}, "rows of each set in a step of the critic");
  line.number("lr", &d.critic.learning_rate, Range::above(0), "learning rate of Adam");
  line.number("rho", &d.critic.rho, Range::above(0),
              "penalty of the constraint, and rate of its multiplier");
  line.group("Computation and output");
  add_output(line, &o->output);
  line.side_file("trajectory", &o->trajectory, "write the states of every row as well",
                 {FileFormat::hdf5});
  line.integer("trajectory-every", &o->trajectory_every, {1, max_steps},
               "steps between states of the trajectory");
  line.side_file("log", &o->log, "MMD and the critic's numbers, as tab-separated values",
                 {FileFormat::table});
  line.integer("log-every", &o->log_every, {1, max_steps}, "steps between rows of the log");
  add_seed(line, &o->compute);
  add_threads(line, &o->compute);
  add_precision(line, &o->compute);
  add_common(line, &o->common);
}

void check(const CommandLine& line, const Options& o) {
  if (line.given("alpha") && o.descent.tau == 0) fail_usage("--alpha needs --unbalanced TAU");
  if (line.given("trajectory-every") && o.trajectory.empty())
    fail_usage("--trajectory-every needs --trajectory FILE");
  if (line.given("log-every") && o.log.empty()) fail_usage("--log-every needs --log FILE");
}

std::string log_line(std::int64_t step, double mmd, const DescentReport& r) {
  std::string text = std::to_string(step) + "\t" + (std::isnan(mmd) ? "" : number_text(mmd));
  for (const double value : {r.difference, r.constraint, r.multiplier, r.gradient_norm})
    text += "\t" + (step > 0 ? number_text(value) : "");
  return text + "\t" + std::to_string(r.births) + "\t" + std::to_string(r.deaths) + "\n";
}

template <class T>
void run(const Options& o, const CommandLine& line, const RowReader& source,
         const std::vector<double>& target, const Provenance& origin) {
  const std::vector<double> start = source.read<double>(0, source.rows());
  const std::size_t columns = source.columns();
  ContainerWriter output(o.output, "tensors", origin);
  std::optional<ContainerWriter> trajectory;
  std::optional<MovedStates<T>> states;
  if (!o.trajectory.empty()) {
    trajectory.emplace(o.trajectory, "tensors", origin);
    states.emplace(static_cast<std::size_t>(o.descent.steps / o.trajectory_every + 2),
                   start.size());
  }
  std::optional<AtomicFile> log;
  if (!o.log.empty()) {
    log.emplace(o.log);
    log->write("step\tmmd\tcritic\tconstraint\tmultiplier\tgrad_norm\tbirths\tdeaths\n");
  }
  Workers workers(o.compute.thread_count());
  SobolevDescent<T> descent(start, target, columns, o.descent, &workers);
  warn_of_coarse_output(descent.scale().mean(), descent.scale().deviation(), o.compute);
  if (descent.far_apart())
    warn(
        "SOURCE and TARGET hardly overlap, and the critic may be flat where the rows are; bring "
        "their means together first");
  const TargetDistance distance(target, columns, o.descent.seed);
  Progress progress(o.common.progress_style(), line.program(),
                    static_cast<std::uint64_t>(o.descent.steps), "step");
  try {
    for (;;) {
      const std::int64_t step = descent.steps_done();
      const bool last = step == o.descent.steps;
      const bool logs = last || step % o.log_every == 0;
      const bool records = states && (last || step % o.trajectory_every == 0);
      if (logs && (log || o.common.verbose)) {
        const std::vector<T> rows = descent.rows();
        const double mmd = distance.mmd({rows.begin(), rows.end()}, workers);
        if (log) log->write(log_line(step, mmd, descent.report()));
        if (step == 0 || last)
          inform("mmd " + number_text(mmd) + " after " + std::to_string(step) + " steps");
      }
      if (records) states->add(step, descent.rows());
      progress.update(static_cast<std::uint64_t>(step));
      if (last) break;
      throw_if_stopped();
      descent.step();
    }
  } catch (...) {
    if (log) log->commit();  // the way up to the failure is worth seeing
    throw;
  }
  write_moved_rows(&output, source, descent.rows(), descent.ancestors());
  if (trajectory) {
    states->write(&*trajectory, source.row_shape());
    trajectory->commit();
  }
  output.commit();
  if (log) log->commit();
}

int body(int argc, char** argv) {
  CommandLine line("sobolev-descent", "[OPTIONS] SOURCE TARGET",
                   "Moves the rows of SOURCE to the distribution of those of TARGET.",
                   "sobolev-descent noise.h5 moons.h5 -o moved.h5");
  Options o;
  declare(line, &o);
  if (!line.parse(argc, argv)) return 0;
  check(line, o);
  o.descent.decay = o.schedule == "cosine";
  o.descent.seed = static_cast<std::uint64_t>(o.compute.seed);
  watch_stop_signals();
  const RowReader source(o.inputs[0]), target(o.inputs[1]);
  if (source.columns() > max_columns)
    fail_invalid(source.container().name() + ": rows of " + std::to_string(source.columns()) +
                 " numbers; up to " + std::to_string(max_columns) + " are moved");
  target.require_columns(source.columns(), "SOURCE");
  Provenance origin = provenance(line, o.common, source.container().history());
  origin.seed = o.descent.seed;
  const std::vector<double> rows = target.read<double>(0, target.rows());
  if (o.compute.precision == "float64")
    run<double>(o, line, source, rows, origin);
  else
    run<float>(o, line, source, rows, origin);
  warn_left_behind(source.container(), carried_datasets(source.container()));
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  return run_program("sobolev-descent", [&] { return body(argc, argv); });
}
