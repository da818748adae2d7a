// Adds the log density of a model to rows.
#include <tuple>

#include "base/error.hpp"
#include "base/shard.hpp"
#include "base/stop.hpp"
#include "cli/density_report.hpp"
#include "cli/label_warning.hpp"
#include "cli/process_options.hpp"
#include "cli/program.hpp"
#include "cli/unused_option.hpp"
#include "io/carried_rows.hpp"
#include "likelihood/density_run.hpp"
#include "score/process_type.hpp"

using namespace pushforward;

namespace {

struct Options {
  CommonOptions common;
  ComputeOptions compute;
  ProcessOptions process;
  DensityOptions density;
  double time = 0, sigma = 0;
  int levels = 0;
  std::string model, output, shard;
  bool summary = false, json = false;
};

void declare(CommandLine& line, Options* o) {
  DensityOptions& d = o->density;
  line.group("Density");
  line.input_file("model,m", &o->model, "MODEL", "analytic model, flow or score model (required)");
  line.choice("method", &d.method, density_method_names(),
              "exact for a density, ode for a score model unless given; bound: of ddpm");
  line.integer("draws", &d.draws, {1, 1e6},
               "of the noise of 8-bit rows, 1 unless given; more tell more of their probability");
  line.flag("score", &d.score, "add /score, the gradient of the log density");
  line.flag("summary", &o->summary, "print statistics instead of writing rows");
  add_json(line, &o->json);
  line.group("Corruption");
  line.number("sigma", &o->sigma, Range::at_least(0),
              "density after noise of this level; mixtures and score models");
  line.number("time", &o->time, Range::at_least(0),
              "density at this time of the process, which says the same");
  line.choice("process", &o->process.process, leveled_process_names(),
              "noises an analytic model, exactly");
  add_process_constants(line, &o->process);
  line.integer("levels", &o->levels, {1, max_levels}, "ddpm: steps; 1000 unless given");
  line.group("Methods of score models (ode, bound)");
  line.choice("trace", &d.trace, {"exact", "hutchinson"},
              "divergence; exact up to 64 columns, hutchinson beyond unless given");
  line.integer("probes", &d.probes, {1, 1000},
               "hutchinson: directions a row, 4 unless given; bound: draws a step, 1 unless given");
  line.number("atol", &d.atol, Range::above(0).at_most(1),
              "absolute tolerance of a step, in the data's widths");
  line.number("rtol", &d.rtol, Range::above(0).at_most(1), "relative tolerance of a step");
  line.choice("variance", &d.variance, {"fixed-small", "fixed-large"},
              "bound: of the steps of a model that has not learned them; fixed-large unless given");
  line.group("Computation and output");
  add_output(line, &o->output);
  line.text("shard", &o->shard, "I/N", "score the I-th of N parts of the rows, I from 1");
  add_seed(line, &o->compute);
  add_threads(line, &o->compute);
  add_precision(line, &o->compute);
  add_common(line, &o->common);
  line.exclude("summary", {"output", "score"});
  line.complete([o] {
    if (o->summary) o->output.clear();
  });
}

// Puts the options of corruption that were given into those of the density.
void finish(const CommandLine& line, Options* o) {
  if (line.given("time")) o->density.time = o->time;
  if (line.given("sigma")) o->density.sigma = o->sigma;
  const std::string& name = o->process.process;
  if (!name.empty()) {
    require_steps(line, name);
    o->density.process = o->levels > 0 ? ProcessSettings::with_defaults(name, o->levels)
                                       : ProcessSettings::continuous(name);
    apply_process_constants(line, o->process, &*o->density.process);
    return;
  }
  for (const char* option :
       {"sigma-min", "sigma-max", "beta-min", "beta-max", "beta-schedule", "levels"})
    if (line.given(option)) fail_usage(std::string("option --") + option + " needs --process");
}

void refuse_unused(const CommandLine& line, const DensityMethod& method) {
  for (const std::string& option : particular_density_options())
    if (line.given(option) && !method.looks_at(option))
      fail_unused(option, method.name, users_do(density_methods_with(option)));
}

int body(int argc, char** argv) {
  CommandLine line(
      "logdensity", "-m MODEL [OPTIONS] [INPUT]",
      "Adds the log density of a model, in nats of the data as given, to the rows of INPUT.",
      "logdensity -m moons.h5 test.h5 --summary");
  Options o;
  std::vector<std::string> inputs = {"-"};
  line.input_operands(&inputs, 0, 1, {"INPUT"});
  declare(line, &o);
  if (!line.parse(argc, argv)) return 0;
  if (o.model.empty()) fail_usage("-m MODEL is needed");
  if (o.json && !o.summary) fail_usage("--json goes with --summary");
  finish(line, &o);
  const Shard shard = Shard::parse(o.shard);
  watch_stop_signals();

  const SampledModel model = read_any_model(ContainerReader(o.model));
  const DensityRequest request{model, o.density};
  refuse_unused(line, chosen_density_method(request));
  const DensityPlan plan = plan_density(request);
  const RowReader rows(inputs[0]);
  rows.require_columns(static_cast<std::size_t>(model.dimension()), "the model");
  if (const auto* flow = model.flow())
    warn_of_untrained_labels(rows, flow->spec().context_path, flow->spec().class_rows);
  else if (model.score() != nullptr)
    warn_of_untrained_labels(rows, "/label", model.score()->description().class_rows);
  Provenance origin = provenance(line, o.common, rows.container().history());
  DensityRun run;
  run.seed = static_cast<std::uint64_t>(o.compute.seed);
  if (uses_seed(plan, rows))
    origin.seed = run.seed;
  else if (line.given("seed"))
    fail_usage(
        "option --seed: no random number is drawn here; it is for --trace hutchinson, --method "
        "bound and 8-bit rows");
  std::unique_ptr<ContainerWriter> writer;
  if (!o.summary) writer = std::make_unique<ContainerWriter>(o.output, "tensors", origin);
  std::tie(run.first, run.end) = shard.range(rows.rows());
  Progress progress(o.common.progress_style(), "logdensity", run.end - run.first, "row");
  run.threads = o.compute.thread_count();
  run.score = o.density.score;
  run.model = o.model;
  run.progress = [&](double fraction) {
    const double done = fraction * static_cast<double>(rows.rows());
    progress.update(static_cast<std::uint64_t>(done) - run.first);
  };
  DensityTotals totals = o.compute.precision == "float64"
                             ? score_rows<double>(plan, rows, run, writer.get())
                             : score_rows<float>(plan, rows, run, writer.get());
  if (plan.probes > 0 && o.density.trace.empty())
    warn("the divergence of " + std::to_string(model.dimension()) + " columns is estimated from " +
         std::to_string(plan.probes) + " probes a row: a mean error of " +
         number_text(totals.estimate->error) + " nats; --trace exact computes it");
  if (o.summary) {
    print_report(density_report(&totals, static_cast<std::size_t>(model.dimension())), o.json);
    return 0;
  }
  writer->commit();
  warn_left_behind(rows.container(), carried_datasets(rows.container()));
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  return run_program("logdensity", [&] { return body(argc, argv); });
}
