// Draws rows from any model that has a score.
#include <algorithm>

#include "base/error.hpp"
#include "base/shard.hpp"
#include "base/stop.hpp"
#include "cli/program.hpp"
#include "eval/chain_report.hpp"
#include "io/atomic_file.hpp"
#include "sample/run.hpp"

using namespace pushforward;

namespace {

constexpr double most_steps = 4e9;

struct Options {
  CommonOptions common;
  ComputeOptions compute;
  MethodOptions method;
  std::string model, output, init = "normal:1", denoise = "yes", adapt, trajectory, shard,
                             diagnostics;
  bool strict = false;
  std::int64_t trajectory_every = 1;
  int label = -1;
};

void declare(CommandLine& line, Options* o) {
  MethodOptions& m = o->method;
  m.count = 1000;
  m.burn_in = 0;
  line.group("Sampling");
  line.text("model,m", &o->model, "MODEL", "model to sample: analytic, flow or score (required)");
  line.integer("count,n", &m.count, {1, 1e15}, "rows to draw");
  line.choice("method", &m.method, sampling_methods(),
              "what the model was trained for unless given; mala for a density");
  line.integer("steps", &m.steps, {0, most_steps},
               "steps; 0 is 18 (heun), 100 a level (annealed), 1000 (the others)");
  line.number("step-size", &m.step_size, {0, unbounded},
              "0 is 0.01 (ula), by the curvature (other chains), 0.2 sigma-min^2 (annealed)");
  line.integer("label", &o->label, {0, 65535}, "class to draw, of a flow trained with --label");
  line.text("init", &o->init, "FILE|normal:SIGMA",
            "chains: starting rows; the others: noise of deviation 1, scaled to the highest level");
  line.text("shard", &o->shard, "I/N", "draw the I-th of N parts of the rows, I from 1");
  line.group("Chains (ula, mala, hmc, underdamped)");
  line.integer("chains", &m.chains, {0, 1e15}, "chains that share the rows; 0 is one a row");
  line.integer("burn-in", &m.burn_in, {0, most_steps},
               "steps before the first row counts; 1000 with --chains unless given");
  line.integer("thin", &m.thin, {0, most_steps}, "steps between rows of a chain; 0 is 1");
  line.number("sigma", &m.sigma, {0, unbounded},
              "noise level to sample at; 0 is none, or the model's lowest");
  line.choice("adapt", &o->adapt, {"yes", "no"}, "mala, hmc: find step sizes in burn-in");
  line.integer("leapfrog", &m.leapfrog, {1, 1000}, "hmc: leapfrog steps a proposal");
  line.number("friction", &m.friction, {0, unbounded, true}, "underdamped: friction");
  line.text("preconditioner", &m.preconditioner, "FILE", "[D, D] that scores are multiplied by");
  line.flag("strict", &o->strict, "status 3 where R-hat is above 1.01; needs --chains");
  line.group("Noise levels (annealed, heun, euler-maruyama)");
  line.choice("process", &m.process, {"ve", "edm"}, "noises an analytic model, exactly");
  line.number("sigma-min", &m.sigma_min, {0, unbounded}, "lowest level; 0 is the process's");
  line.number("sigma-max", &m.sigma_max, {0, unbounded}, "highest level; 0 is the process's");
  line.integer("levels", &m.levels, {0, 1000}, "annealed: levels; 0 is the process's");
  line.choice("denoise", &o->denoise, {"yes", "no"}, "end with the mean of the clean row");
  line.number("rho", &m.rho, {0, 1000, true}, "heun, edm: levels are even in sigma^(1/rho)");
  line.number("churn", &m.churn.amount, {0, unbounded}, "heun: S_churn, fresh noise; 0 is none");
  line.number("s-min", &m.churn.low, {0, unbounded}, "heun: lowest level that is churned");
  line.number("s-max", &m.churn.high, {0, unbounded}, "heun: highest; 0 is no bound");
  line.number("s-noise", &m.churn.noise, {0, unbounded, true}, "heun: scale of the fresh noise");
  line.group("Computation and output");
  add_output(line, &o->output);
  line.text("trajectory", &o->trajectory, "FILE", "write the states of every chain as well");
  line.integer("trajectory-every", &o->trajectory_every, {1, most_steps},
               "steps between states of the trajectory");
  line.text("diagnostics", &o->diagnostics, "FILE", "write R-hat, ESS, acceptance, evaluations");
  add_seed(line, &o->compute);
  add_threads(line, &o->compute);
  add_precision(line, &o->compute);
  add_common(line, &o->common);
}

std::unique_ptr<ContainerWriter> open_output(const std::string& file, const SamplingPlan& plan,
                                             const Provenance& origin) {
  auto writer = std::make_unique<ContainerWriter>(file, "tensors", origin);
  writer->set_text("/", "method", plan.method);
  writer->set_integer("/", "steps", static_cast<std::int64_t>(total_steps(plan.moves)));
  writer->set_integer("/", "chains", static_cast<std::int64_t>(plan.chains));
  return writer;
}

// The file of --diagnostics; a warning, or with --strict an error, for chains that disagree.
void diagnose(const Options& o, const ChainRecord& record) {
  const ChainReport chains = report_chains(
      {record.chains, record.evaluations, record.acceptance, record.draws, record.energies});
  if (!o.diagnostics.empty()) {
    Report report({"metric", "value"});
    for (const auto& [metric, value] : chains.rows) report.row({metric, number_text(value)});
    AtomicFile file(o.diagnostics);
    file.write(report.tsv());
    file.commit();
  }
  if (chains.complaint.empty()) return;
  if (o.strict) fail_numerical(chains.complaint);
  warn(chains.complaint);
}

int body(int argc, char** argv) {
  CommandLine line("langevin-sample", "-m MODEL [OPTIONS]",
                   "Draws rows from any model that has a score.",
                   "langevin-sample -m score.h5 -n 10000 -o samples.h5");
  Options o;
  declare(line, &o);
  if (!line.parse(argc, argv)) return 0;
  if (o.model.empty()) fail_usage("-m MODEL is needed");
  if (line.given("trajectory-every") && o.trajectory.empty())
    fail_usage("--trajectory-every needs --trajectory FILE");
  refuse_shared_outputs(
      {{"--output", o.output}, {"--trajectory", o.trajectory}, {"--diagnostics", o.diagnostics}});
  const std::vector<std::string> inputs = {o.model, o.init, o.method.preconditioner};
  if (std::count(inputs.begin(), inputs.end(), "-") > 1)
    fail_usage("only one of model, starting rows and preconditioner can be standard input");
  if (o.method.chains > 0 && !line.given("burn-in")) o.method.burn_in = 1000;
  o.method.denoise = o.denoise == "yes";
  if (!o.adapt.empty()) o.method.adapt = o.adapt == "yes";
  const Shard shard = Shard::parse(o.shard);
  for (const std::string& file : inputs) refuse_terminal_input(file);
  refuse_terminal_output(o.output);
  if (!o.trajectory.empty()) refuse_terminal_output(o.trajectory);
  watch_stop_signals();

  SampledModel model;
  std::vector<std::string> history;
  {
    const ContainerReader reader(o.model);
    model = read_sampled_model(reader, o.label);
    history = reader.history();
  }
  SamplingRun run;
  run.seed = static_cast<std::uint64_t>(o.compute.seed);
  const StartingRows start(o.init, static_cast<std::size_t>(model.dimension()), run.seed);
  if (start.count() && !line.given("count") && o.method.chains == 0)
    o.method.count = static_cast<std::int64_t>(*start.count());
  o.method.probes = start.probes();
  const SamplingPlan plan =
      plan_sampling(model, o.method, [&](const std::string& name) { return line.given(name); });
  if (start.count() && *start.count() < plan.chains)
    fail_invalid(start.name() + ": holds " + std::to_string(*start.count()) + " rows, " +
                 std::to_string(plan.chains) + " chains need as many to start from");
  std::tie(run.first, run.end) =
      shard.range(plan.chains, plan.chains < shard.count * shard_block ? 1 : shard_block);
  run.label = o.label;
  run.threads = o.compute.thread_count();
  run.row_shape = model.row_shape;
  run.trajectory_every = static_cast<std::uint64_t>(o.trajectory_every);
  run.keep_draws = o.method.chains > 0 && (o.strict || !o.diagnostics.empty());
  run.warn = warn;
  const std::uint64_t steps = total_steps(plan.moves) * (run.end - run.first);
  Progress progress(o.common.progress_mode(), line.program(), steps, "step");
  run.progress = [&](double fraction) {
    progress.update(static_cast<std::uint64_t>(fraction * static_cast<double>(steps)));
  };

  Provenance origin = provenance(line, o.common, history);
  origin.seed = run.seed;
  const auto output = open_output(o.output, plan, origin);
  std::unique_ptr<ContainerWriter> trajectory;
  if (!o.trajectory.empty()) trajectory = open_output(o.trajectory, plan, origin);
  const auto draw = o.compute.precision == "float64" ? draw_rows<double> : draw_rows<float>;
  const ChainRecord record = draw(plan, start, run, output.get(), trajectory.get());
  if (trajectory != nullptr) trajectory->commit();
  output->commit();
  diagnose(o, record);
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  return run_program("langevin-sample", [&] { return body(argc, argv); });
}
