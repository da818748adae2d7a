#include "cli/evaluation_options.hpp"

#include <algorithm>
#include <map>

#include "base/error.hpp"
#include "base/text.hpp"

namespace pushforward {
namespace {

// The metrics that look at a setting, for the help: "precision, recall, density and coverage".
std::string users_of(const std::string& field) {
  const std::vector<std::string> metrics = metrics_with(field);
  return listed(metrics, " and ", "", metrics.size());
}

// What of the options makes no sense together.
void check_operands(const EvaluationOptions& options) {
  const bool saves = !options.save_stats.empty() || !options.save_features.empty();
  const std::size_t count = options.inputs.size();
  if (options.merge && options.save_stats.empty())
    fail_usage("--merge needs --save-stats, where the sum goes");
  if (count > 1 && !options.shard.empty())
    fail_usage("--shard is a part of REFERENCE, which stands alone; leave out the other operands");
  if (count == 1 && !saves)
    fail_usage(
        "two operands are needed, GENERATED and REFERENCE; one with --save-stats or "
        "--save-features");
  for (const auto& [name, file] : {std::pair("save-stats", options.save_stats),
                                   std::pair("save-features", options.save_features)})
    if (file == "-")
      fail_usage(std::string("option --") + name +
                 ": standard output carries the report, name a file");
}

// Only a report has metrics and a form; a configuration file may hold those of other runs.
void check_report(const CommandLine& line, const EvaluationOptions& options) {
  if (options.inputs.size() > 1 && !options.merge) return;
  std::vector<std::string> of_reports = {"metrics", "json"};
  for (const std::string& field : metric_settings()) of_reports.push_back(option_of(field));
  for (const std::string& option : of_reports)
    if (line.typed(option))
      fail_usage("option --" + option +
                 ": nothing is measured; that takes GENERATED and REFERENCE");
}

// Which options go with which features.
void check_features(const CommandLine& line, const FeatureChoice& choice) {
  static const std::map<std::string, std::vector<const char*>> unused = {
      {"identity", {"weights", "layer", "sigma", "resize", "range", "precision"}},
      {"inception", {"sigma"}},
      {"model", {"resize", "range", "precision"}}};
  const auto found = unused.find(choice.features);
  if (found == unused.end())
    fail_usage("option --features: '" + choice.features +
               "' is not one of identity, inception, model, and no FILE:/path");
  for (const char* option : found->second)
    if (line.given(option))
      fail_usage(std::string("option --") + option + ": --features " + choice.features +
                 " does not use it");
  if (choice.features != "identity" && choice.weights.empty())
    fail_usage("--features " + choice.features + " needs --weights, the file of " +
               (choice.features == "model" ? "the model" : "the Inception network's weights"));
  if (!choice.range.empty() && (choice.range.size() != 2 || choice.range[0] >= choice.range[1]))
    fail_usage("option --range: two numbers are needed, black and white: 0,255");
}

}  // namespace

void add_evaluation(CommandLine& line, EvaluationOptions* options) {
  EvaluationSettings& evaluation = options->evaluation;
  FeatureChoice& features = options->features;
  line.input_operands(&options->inputs, 1, 100000, {"GENERATED", "REFERENCE"});
  line.group("Features");
  line.input_file("features", &features.features, "NAME",
                  "what of a row is compared: identity, inception, model; or FILE:/path, those of "
                  "GENERATED, which is then left out",
                  [](const std::string& value) { return Location::parse(value).dataset_named; });
  line.input_file("weights,w", &features.weights, "FILE",
                  "weights of the Inception network; or the model, a flow or a score model");
  line.text("layer", &features.layer, "NAME",
            "of inception 64, 192, 768 or 2048, the default; of a score model 1, 2, ..., else the "
            "last");
  line.choice("resize", &features.resize, {"bilinear", "bicubic", "clean", "tensorflow"},
              "how pictures come to 299 x 299");
  line.numbers("range", &features.range, {-unbounded, unbounded}, "LOW,HIGH",
               "black and white of real-valued pictures");
  line.number("sigma", &features.sigma, Range::above(0),
              "noise level at which a score model sees the rows; 0: its least");
  line.group("Metrics");
  line.chosen("metrics", &evaluation.metrics, metric_names(),
              joined(metric_names()) + "; else those that fit the features");
  line.integer("subset-size", &evaluation.subset_size, {2, 1e9},
               "rows of a subset: 1000 for kid, at most 10000 for the metrics of pairs");
  line.integer("subsets", &evaluation.subsets, {1, 1e6},
               "random subsets of " + users_of("subsets"));
  line.integer("neighbours", &evaluation.neighbours, {1, 1e6}, "of " + users_of("neighbours"));
  line.integer("splits", &evaluation.splits, {1, 1e6},
               "parts of the rows for " + users_of("splits"));
  line.numbers("bandwidths", &evaluation.bandwidths, Range::above(0), "LIST",
               "of the kernels of " + users_of("bandwidths") +
                   "; else five around the reference's median distance");
  line.integer("projections", &evaluation.projections, {1, 1e9},
               "directions of " + users_of("projections"));
  line.integer(
      "jackknife", &evaluation.jackknife, {2, 1000},
      "groups of rows left out in turn for the standard error of " + users_of("jackknife"));
  line.flag("extrapolate", &evaluation.extrapolate,
            users_of("extrapolate") + " for infinitely many generated rows, too");
  line.group("Statistics and features");
  line.side_file("save-stats", &options->save_stats,
                 "write count, mean and scatter of REFERENCE, which may then stand alone",
                 {FileFormat::hdf5, FileFormat::npz});
  line.side_file("save-features", &options->save_features,
                 "write the features of REFERENCE, which may then stand alone", {FileFormat::hdf5});
  line.text("shard", &options->shard, "I/N",
            "save those of the I-th of N parts of the rows of REFERENCE, which stands alone");
  line.flag("merge", &options->merge,
            "add up the statistics of all operands, shards of one set, into --save-stats");
  line.exclude("merge", {"metrics", "save-features", "jackknife", "shard"});
  line.group("Computation and output");
  add_seed(line, &options->compute);
  add_threads(line, &options->compute);
  line.choice("precision", &options->compute.precision, {"float32", "bf16"},
              "numbers that the Inception network computes in");
  add_json(line, &options->json);
  add_common(line, &options->common);
}

void finish_evaluation(const CommandLine& line, EvaluationOptions* options) {
  FeatureChoice& features = options->features;
  if (Location::parse(features.features).dataset_named) {
    if (options->inputs.size() != 1 || options->merge)
      fail_usage("option --features: " + features.features +
                 " stands for GENERATED, the one operand is REFERENCE");
    options->inputs.insert(options->inputs.begin(), features.features);
    features.features = "identity";
  }
  check_features(line, features);
  check_operands(*options);
  check_report(line, *options);
  if (!options->evaluation.metrics.empty()) check_metric_options(line, options->evaluation);
}

void check_metric_options(const CommandLine& line, const EvaluationSettings& evaluation) {
  for (const std::string& field : metric_settings()) {
    const std::vector<std::string> users = metrics_with(field);
    if (line.given(option_of(field)) &&
        std::none_of(users.begin(), users.end(),
                     [&](const std::string& metric) { return evaluation.wants(metric); }))
      fail_usage("option --" + option_of(field) + ": belongs to --metrics " + joined(users) +
                 ", not to " + joined(evaluation.metrics));
  }
}

}  // namespace pushforward
