// Measures how far generated rows are from reference rows.
#include <cmath>
#include <optional>

#include "base/error.hpp"
#include "base/stop.hpp"
#include "cli/evaluation_options.hpp"

using namespace pushforward;

namespace {

// Counts are printed as whole numbers, 10000000 and not 1e+07.
std::string value_text(double value) {
  if (std::floor(value) == value && std::abs(value) < 1e15)
    return std::to_string(static_cast<std::int64_t>(value));
  return number_text(value);
}

// Reads sets, showing progress, and saves the features of one of them.
class Reading {
 public:
  Reading(const CommandLine& line, const EvaluationOptions& options, Workers* workers)
      : line_(line), options_(options), workers_(*workers) {}

  FeatureSet read(OpenSet open, const Gathering& gathering, bool saved) {
    if (open.statistics) return statistics_set(std::move(*open.statistics));
    const FeatureSource& source = *open.source;
    std::optional<ContainerWriter> writer;
    if (saved && !options_.save_features.empty()) {
      writer.emplace(options_.save_features, "tensors",
                     provenance(line_, options_.common, source.history));
      writer->create_rows("/x", ElementType::float32, {source.dimension});
      write_description(&*writer, "/x", source.description);
    }
    Progress progress(options_.common.progress_mode(), "fid-eval", source.count, "row");
    const auto observe = [&](std::size_t first, std::size_t count, const FeatureBlock& block) {
      if (writer)
        writer->append_rows("/x",
                            Array::of(std::vector<float>(block.rows.begin(), block.rows.end()),
                                      {count, source.dimension}));
      progress.update(first + count);
    };
    FeatureSet set = gather(source, gathering, observe, workers_);
    if (writer) writer->commit();
    if (!set.remark.empty()) warn(set.name + ": " + set.remark);
    return set;
  }

 private:
  const CommandLine& line_;
  const EvaluationOptions& options_;
  Workers& workers_;
};

void save(const CommandLine& line, const EvaluationOptions& options, const FeatureSet& set) {
  if (!options.save_stats.empty())
    write_statistics(options.save_stats, set.description, *set.statistics,
                     provenance(line, options.common, set.history));
}

int merge(const CommandLine& line, const EvaluationOptions& options, const FeatureReader& reader,
          Reading& reading) {
  std::vector<StoredStatistics> parts;
  Gathering gathering;
  gathering.statistics = true;
  for (const std::string& input : options.inputs) {
    OpenSet open = reader.open(input);
    if (open.statistics) {
      parts.push_back(std::move(*open.statistics));
      continue;
    }
    FeatureSet set = reading.read(std::move(open), gathering, false);
    parts.push_back(
        {set.name, set.description, set.count, std::move(*set.statistics), set.history});
  }
  save(line, options, statistics_set(merge_statistics(std::move(parts))));
  return 0;
}

int save_alone(const CommandLine& line, const EvaluationOptions& options, OpenSet open,
               Reading& reading) {
  if (open.statistics && !options.save_features.empty())
    fail_invalid(open.name() + ": holds statistics alone, without features to save");
  Gathering gathering;
  gathering.statistics = !options.save_stats.empty();
  save(line, options, reading.read(std::move(open), gathering, true));
  return 0;
}

int body(int argc, char** argv) {
  CommandLine line("fid-eval", "[OPTIONS] GENERATED REFERENCE",
                   "Measures how far generated rows are from reference rows.",
                   "fid-eval samples.h5 test.h5");
  EvaluationOptions options;
  add_evaluation(line, &options);
  if (!line.parse(argc, argv)) return 0;
  finish_evaluation(line, &options);
  watch_stop_signals();
  Workers workers(options.compute.thread_count());
  EvaluationSettings& evaluation = options.evaluation;
  evaluation.seed = static_cast<std::uint64_t>(options.compute.seed);
  if (options.features.features == "inception")
    options.features.products = network_products(options.compute);
  const FeatureReader reader(options.features, evaluation.wants_logits(), &workers);
  Reading reading(line, options, &workers);
  if (options.merge) return merge(line, options, reader, reading);
  OpenSet generated = reader.open(options.inputs[0]);
  if (options.inputs.size() == 1) return save_alone(line, options, std::move(generated), reading);
  OpenSet reference = reader.open(options.inputs[1]);
  if (evaluation.metrics.empty()) evaluation.metrics = fitting_metrics(generated, reference);
  check_metric_options(line, evaluation);
  require_fitting(generated, reference, evaluation);
  auto [first, second] = gatherings_for(generated, reference, evaluation);
  if (!options.save_stats.empty()) second.statistics = true;
  const FeatureSet a = reading.read(std::move(generated), first, false);
  const FeatureSet b = reading.read(std::move(reference), second, true);
  const Evaluation result = evaluate_pair(a, b, evaluation, workers);
  save(line, options, b);
  for (const std::string& warning : result.warnings) warn(warning);
  Report report({"metric", "value"});
  const FeatureDescription& features = a.description.name.empty() ? b.description : a.description;
  report.row({"features", features.name.empty() ? "unknown" : features.name});
  for (const auto& [detail, value] : features.details) report.row({detail, value});
  for (const auto& [metric, value] : result.values) report.row({metric, value_text(value)});
  print_report(report, options.json);
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  return run_program("fid-eval", [&] { return body(argc, argv); });
}
