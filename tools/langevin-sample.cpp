// Draws rows from any model that has a score.
#include <algorithm>

#include "base/error.hpp"
#include "base/shard.hpp"
#include "base/stop.hpp"
#include "cli/class_choice.hpp"
#include "cli/program.hpp"
#include "cli/sampling_command.hpp"
#include "eval/chain_report.hpp"
#include "io/atomic_file.hpp"
#include "nn/model_file.hpp"
#include "sample/encoding.hpp"
#include "sample/run.hpp"
#include "sample/wide_starts.hpp"

using namespace pushforward;

namespace {

struct Options {
  CommonOptions common;
  ComputeOptions compute;
  SamplingCommand command;
  std::string output, trajectory, diagnostics;
  std::int64_t trajectory_every = 1;
};

void declare(CommandLine& line, Options* o) {
  add_sampling(line, &o->command);
  line.group("Computation and output");
  add_output(line, &o->output);
  line.side_file("trajectory", &o->trajectory, "write the states of every chain as well",
                 {FileFormat::hdf5});
  line.integer("trajectory-every", &o->trajectory_every, {1, max_chain_steps},
               "steps between states of the trajectory");
  line.side_file("diagnostics", &o->diagnostics, "write R-hat, ESS, acceptance, evaluations",
                 {FileFormat::table});
  add_seed(line, &o->compute);
  add_threads(line, &o->compute);
  add_network_precision(line, &o->compute);
  add_common(line, &o->common);
}

std::unique_ptr<ContainerWriter> open_output(const std::string& file, const SamplingPlan& plan,
                                             const SamplingRun& run, const Provenance& origin) {
  auto writer = std::make_unique<ContainerWriter>(file, "tensors", origin);
  writer->set_text("/", "method", plan.method);
  writer->set_integer("/", "steps", static_cast<std::int64_t>(total_steps(plan.transitions)));
  writer->set_integer("/", "chains", static_cast<std::int64_t>(run.end - run.first));
  return writer;
}

// What is kept of the draws of chains: all where they are asked about, else enough for a warning.
constexpr std::size_t max_watched = std::size_t{1} << 18;

// The file of --diagnostics; a warning, or with --strict an error, for chains that disagree.
void diagnose(const Options& o, const ChainNumbers& numbers) {
  const ChainReport chains = report_chains(numbers, o.compute.thread_count());
  if (!o.diagnostics.empty()) {
    Report report({"metric", "value"});
    for (const auto& [metric, value] : chains.rows) report.row({metric, number_text(value)});
    AtomicFile file(o.diagnostics);
    file.write(report.tsv());
    file.commit();
  }
  if (chains.complaint.empty()) return;
  if (o.command.strict && chains.failed) fail_numerical(chains.complaint);
  warn(chains.complaint);
}

// Rows that are drawn, the noise of rows, or rows of a path through it.
template <class T>
ChainNumbers make_rows(const SamplingPlan& plan, const std::optional<EncodedRows>& encoded,
                       StartingRows* start, const SamplingRun& run, ContainerWriter* output,
                       ContainerWriter* trajectory) {
  if (encoded && !encoded->path) {
    encode_rows<T>(plan, encoded->rows, run, output);
    return {};
  }
  if (encoded) start->choose(noise_between<T>(plan, encoded->rows, *encoded->path, run));
  return draw_rows<T>(plan, *start, run, output, trajectory);
}

int body(int argc, char** argv) {
  CommandLine line("langevin-sample", "-m MODEL [OPTIONS]",
                   "Draws rows from any model that has a score.",
                   "langevin-sample -m score.h5 -n 10000 -o samples.h5");
  Options o;
  declare(line, &o);
  if (!line.parse(argc, argv)) return 0;
  SamplingCommand& command = o.command;
  complete_sampling(line, &command);
  if (line.given("trajectory-every") && o.trajectory.empty())
    fail_usage("--trajectory-every needs --trajectory FILE");
  const Shard shard = Shard::parse(command.shard);
  watch_stop_signals();

  SampledModel model;
  RowNames names;
  std::vector<std::string> history;
  {
    const ContainerReader reader(command.model);
    command.method.label = chosen_class(command.label, read_row_names(reader, 0));
    model = read_drawn_model(reader, command.method.label);
    names = read_row_names(reader, model.dimension());
    history = reader.history();
  }
  SamplingRun run;
  run.seed = static_cast<std::uint64_t>(o.compute.seed);
  StartingRows start(command.init, static_cast<std::size_t>(model.dimension()), run.seed);
  if (command.method.markov.chains > 1 && !line.given("init") && model.family == "analytic")
    start.choose(wide_starts(model.density()->unbounded(), run.seed, o.compute.thread_count()));
  const auto encoded = asked_encoding(line, model, &command);
  const bool to_noise = encoded && !encoded->path;
  if (encoded) history = encoded->rows.container().history();
  std::optional<KnownNumbers> known;
  if (!command.mask.empty())
    known.emplace(command.mask, command.known, static_cast<std::size_t>(model.dimension()));
  for (const auto& count : {start.count(), known ? known->count() : std::nullopt})
    if (count && !line.given("count") && !encoded && command.method.markov.chains == 0)
      command.method.count = static_cast<std::int64_t>(*count);
  check_sampling(line, chosen_method(model, command.method), command);
  const SamplingPlan plan = plan_sampling(model, command.method, start);
  require_enough_rows(plan, start, known ? &*known : nullptr);
  if (o.compute.precision == "bf16") check_bf16(model, plan);
  run.products = network_products(o.compute);
  std::tie(run.first, run.end) = shard.range(plan.chains);
  run.output.label = command.method.label;
  run.threads = o.compute.thread_count();
  run.output.row_shape = model.row_shape;
  if (model.density() != nullptr && names.columns.empty())
    names.columns = model.density()->column_names();
  run.model = command.model;
  run.known = known ? &*known : nullptr;
  run.output.trajectory_every = static_cast<std::uint64_t>(o.trajectory_every);
  if (command.method.markov.chains > 0) {
    const bool asked = command.strict || !o.diagnostics.empty();
    const bool watched = plan.rows.count > 1 && !o.common.quiet;
    run.kept.draws = asked ? KeptDraws::all : watched ? max_watched : 0;
    run.kept.energies = asked;
  }
  run.warn = warn;
  for (const std::string& warning : plan.warnings) warn(warning);
  const ColumnScales scales = model.column_scales();
  if (!to_noise) warn_of_coarse_output(scales.mean, scales.deviation, o.compute);
  const std::string far_start = far_start_warning(plan, start, scales);
  if (!far_start.empty()) warn(far_start);
  const std::uint64_t steps =
      std::max<std::uint64_t>(total_steps(plan.transitions), 1) * (run.end - run.first);
  Progress progress(o.common.progress_style(), line.program(), steps, "step");
  run.progress = [&](double fraction) {
    progress.update(static_cast<std::uint64_t>(fraction * static_cast<double>(steps)));
  };

  Provenance origin = provenance(line, o.common, history);
  origin.seed = run.seed;
  const auto output = open_output(o.output, plan, run, origin);
  std::unique_ptr<ContainerWriter> trajectory;
  if (!o.trajectory.empty()) trajectory = open_output(o.trajectory, plan, run, origin);
  const auto make = o.compute.precision == "float64" ? make_rows<double> : make_rows<float>;
  const ChainNumbers numbers = make(plan, encoded, &start, run, output.get(), trajectory.get());
  if (trajectory != nullptr) trajectory->commit();
  const std::string own_label = run.output.label >= 0 ? "/label" : "";
  if (!to_noise) set_row_names(names, own_label, output.get());
  output->commit();
  // Rows that get a label of their own have no need of the file's.
  if (start.container() != nullptr) warn_not_used(*start.container(), own_label);
  if (encoded) warn_not_used(encoded->rows.container(), own_label);
  if (known) warn_not_used(known->container(), "/mask");
  diagnose(o, numbers);
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  return run_program("langevin-sample", [&] { return body(argc, argv); });
}
