// Measures how far generated rows are from reference rows.
#include <optional>

#include "base/error.hpp"
#include "base/stop.hpp"
#include "cli/evaluation_options.hpp"
#include "cli/evaluation_report.hpp"

using namespace pushforward;

namespace {

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
    Progress progress(options_.common.progress_style(), "fid-eval", source.count, "row");
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
  if (!options.shard.empty()) {
    if (open.statistics)
      fail_invalid(open.name() + ": holds statistics alone, without rows to be parted");
    *open.source = part_of(std::move(*open.source), Shard::parse(options.shard));
  }
  Gathering gathering;
  gathering.statistics = !options.save_stats.empty();
  save(line, options, reading.read(std::move(open), gathering, true));
  return 0;
}

// A generated set, and what its metrics need of it and of the reference.
struct Pair {
  OpenSet generated;
  EvaluationSettings settings;
  std::pair<Gathering, Gathering> needs{};
};

// Opens and checks all sets before the first is read.
std::vector<Pair> open_pairs(const CommandLine& line, const EvaluationOptions& options,
                             const FeatureReader& reader, const std::vector<std::string>& files,
                             const OpenSet& reference) {
  std::vector<Pair> pairs;
  EvaluationSettings all = options.evaluation;
  for (const std::string& file : files) {
    Pair& pair = pairs.emplace_back(Pair{reader.open(file), options.evaluation});
    std::vector<std::string>& metrics = pair.settings.metrics;
    if (metrics.empty()) metrics = fitting_metrics(pair.generated, reference);
    all.metrics.insert(all.metrics.end(), metrics.begin(), metrics.end());
  }
  check_metric_options(line, all);
  for (Pair& pair : pairs) {
    require_fitting(pair.generated, reference, pair.settings);
    pair.needs = gatherings_for(pair.generated, reference, pair.settings);
  }
  return pairs;
}

// The reference, the last set, is read once.
void measure(const CommandLine& line, const EvaluationOptions& options, const FeatureReader& reader,
             Reading& reading, Workers& workers) {
  const std::vector<std::string> files(options.inputs.begin(), options.inputs.end() - 1);
  OpenSet open = reader.open(options.inputs.back());
  std::vector<Pair> pairs = open_pairs(line, options, reader, files, open);
  Gathering needs = pairs[0].needs.second;
  for (const Pair& pair : pairs) needs.add(pair.needs.second);
  if (!options.save_stats.empty()) needs.statistics = true;
  FeatureSet reference = reading.read(std::move(open), needs, true);
  std::vector<ReportedValues> values;
  for (Pair& pair : pairs) {
    const FeatureSet generated = reading.read(std::move(pair.generated), pair.needs.first, false);
    if (reference.count)
      reference.all_rows = pair.needs.second.keeps_all(*reference.count, reference.dimension);
    const Evaluation result = evaluate_pair(generated, reference, pair.settings, workers);
    for (const std::string& warning : result.warnings) warn(warning);
    values.push_back(reported_values(generated, reference, result));
  }
  save(line, options, reference);
  print_report(evaluation_report(files, values), options.json);
}

int body(int argc, char** argv) {
  CommandLine line("fid-eval", "[OPTIONS] GENERATED ... REFERENCE",
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
  if (options.inputs.size() == 1)
    return save_alone(line, options, reader.open(options.inputs[0]), reading);
  measure(line, options, reader, reading, workers);
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  return run_program("fid-eval", [&] { return body(argc, argv); });
}
