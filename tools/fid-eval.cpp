// Measures how far generated rows are from reference rows.
#include <algorithm>
#include <cmath>

#include "base/error.hpp"
#include "base/stop.hpp"
#include "cli/program.hpp"
#include "eval/evaluation.hpp"

using namespace pushforward;

namespace {

struct Options {
  CommonOptions common;
  ComputeOptions compute;
  EvaluationSettings evaluation;
  std::vector<std::string> inputs;  // GENERATED REFERENCE, or REFERENCE
  std::string features = "identity", save_stats;
  bool json = false;
};

// Counts stand as whole numbers, 10000000 and not 1e+07.
std::string value_text(double value) {
  if (std::floor(value) == value && std::abs(value) < 1e15)
    return std::to_string(static_cast<std::int64_t>(value));
  return number_text(value);
}

// "--metrics a,b" and repeated options are one list, in the order of metric_names().
void choose_metrics(const std::vector<std::string>& given, std::vector<std::string>* metrics) {
  std::vector<std::string> words;
  for (const std::string& text : given)
    for (std::size_t at = 0; at <= text.size();) {
      const std::size_t comma = std::min(text.find(',', at), text.size());
      words.push_back(text.substr(at, comma - at));
      at = comma + 1;
    }
  if (words.empty()) return;
  const std::vector<std::string>& known = metric_names();
  for (const std::string& word : words)
    if (std::find(known.begin(), known.end(), word) == known.end())
      fail_usage("option --metrics: '" + word + "' is not one of frechet, mmd, sliced-wasserstein");
  metrics->clear();
  for (const std::string& metric : known)
    if (std::find(words.begin(), words.end(), metric) != words.end()) metrics->push_back(metric);
}

void check(const Options& options) {
  const bool alone = options.inputs.size() == 1;
  if (alone && options.save_stats.empty())
    fail_usage("two operands are needed, GENERATED and REFERENCE; one alone with --save-stats");
  if (Location::parse(options.save_stats).file == "-")
    fail_usage("option --save-stats: standard output carries the report, name a file");
  int pipes = 0;
  for (const std::string& input : options.inputs) {
    const std::string file = Location::parse(input).file;
    pipes += file == "-" ? 1 : 0;
    refuse_terminal_input(file);
  }
  if (pipes > 1) fail_usage("GENERATED and REFERENCE can not both be standard input");
}

void save(const Options& options, const CommandLine& line, const FeatureSet& set) {
  ContainerWriter writer(options.save_stats, "stats",
                         provenance(line, options.common, set.history));
  write_statistics(&writer, set);
  writer.commit();
}

int body(int argc, char** argv) {
  CommandLine line("fid-eval", "[OPTIONS] GENERATED REFERENCE",
                   "Measures how far generated rows are from reference rows.",
                   "fid-eval samples.h5 test.h5");
  Options options;
  EvaluationSettings& evaluation = options.evaluation;
  std::vector<std::string> metrics;
  std::int64_t subset_size = static_cast<std::int64_t>(evaluation.subset_size);
  std::int64_t projections = static_cast<std::int64_t>(evaluation.projections);
  line.operands(&options.inputs, 1, 2, "REFERENCE");
  line.group("Metrics");
  line.texts("metrics", &metrics, "LIST", "of frechet,mmd,sliced-wasserstein; else all of them");
  line.choice("features", &options.features, {"identity"}, "what of a row is compared");
  line.integer("subset-size", &subset_size, {2, 1e9}, "rows of each set at most, for mmd");
  line.numbers("bandwidths", &evaluation.bandwidths, {0, unbounded, true}, "LIST",
               "of the kernels of mmd; else five around the reference's median distance");
  line.integer("projections", &projections, {1, 1e9}, "directions of sliced-wasserstein");
  line.text("save-stats", &options.save_stats, "FILE",
            "write count, mean and scatter of REFERENCE, which may then stand alone");
  line.group("Computation and output");
  add_seed(line, &options.compute);
  add_threads(line, &options.compute);
  add_json(line, &options.json);
  add_common(line, &options.common);
  if (!line.parse(argc, argv)) return 0;
  choose_metrics(metrics, &evaluation.metrics);
  evaluation.subset_size = static_cast<std::size_t>(subset_size);
  evaluation.projections = static_cast<std::size_t>(projections);
  evaluation.seed = static_cast<std::uint64_t>(options.compute.seed);
  check(options);
  watch_stop_signals();

  Workers workers(options.compute.thread_count());
  const bool saving = !options.save_stats.empty();
  if (options.inputs.size() == 1) {
    save(options, line, read_feature_set(options.inputs[0], false, true, workers));
    return 0;
  }
  const bool rows = evaluation.needs_rows(), frechet = evaluation.wants("frechet");
  const FeatureSet generated = read_feature_set(options.inputs[0], rows, frechet, workers);
  const FeatureSet reference =
      read_feature_set(options.inputs[1], rows, frechet || saving, workers);
  const Evaluation result = evaluate_pair(generated, reference, evaluation, workers);
  if (saving) save(options, line, reference);
  for (const std::string& warning : result.warnings) warn(warning);
  Report report({"metric", "value"});
  report.row({"features", generated.features});
  for (const auto& [metric, value] : result.values) report.row({metric, value_text(value)});
  print_report(report, options.json);
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  return run_program("fid-eval", [&] { return body(argc, argv); });
}
