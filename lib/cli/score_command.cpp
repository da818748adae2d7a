#include "cli/score_command.hpp"

#include <cmath>

#include "base/error.hpp"
#include "cli/field_options.hpp"
#include "cli/parse_number.hpp"
#include "cli/program.hpp"
#include "flow/flow.hpp"
#include "score/automatic_ladder.hpp"
#include "score/level_warnings.hpp"
#include "score/process_type.hpp"
#include "score/restoration.hpp"

namespace pushforward {
namespace {

bool implicit(const std::string& objective) {
  return objective == "ism" || objective == "ssm" || objective == "ssm-vr";
}

// The count in --levels; 0 where there is none.
int level_count(const CommandLine& line, const ScoreCommand& o) {
  require_constants(line, o.process.process, {"levels"});
  if (o.levels.empty()) return 0;
  const bool ladder = process_type(o.process.process, "--process").has("sigma_max");
  if (ladder && o.objective == "ml" && o.levels != "continuous")
    fail_usage("--objective ml draws from a continuum of levels; leave out --levels");
  if (ladder && (o.levels == "auto" || o.levels == "continuous")) return 0;
  try {
    return static_cast<int>(parse_integer(o.levels, {1, max_levels}));
  } catch (const Error& error) {
    fail_usage("option --levels: " + std::string(error.what()) +
               (ladder ? ", or auto or continuous" : ""));
  }
}

// Without what --levels auto measures: sigma_max is max_level then.
// `unit` multiplies the levels that are not given.
ProcessSettings process_settings(const CommandLine& line, const ScoreCommand& o, double unit) {
  const std::string& name = o.process.process;
  const int count = level_count(line, o);
  const bool continuum = o.levels == "continuous" || o.objective == "ml";
  ProcessSettings s = continuum && count == 0 ? ProcessSettings::continuous(name)
                                              : ProcessSettings::with_defaults(name, count);
  if (count == 1 && o.objective == "ml")
    fail_usage("--objective ml weighs the levels of a process; --levels 1 leaves one");
  require_constants(line, name, {"sigma", "p_mean", "p_std"});
  if (process_type(name, "--process").has("sigma"))
    s.sigma = o.sigma == 0 && !implicit(o.objective) ? 0.1 * unit : o.sigma;
  s.sigma_min *= unit;
  s.sigma_max *= unit;
  s.p_mean = line.given("p-mean") ? o.p_mean : o.p_mean + std::log(unit);
  s.p_std = o.p_std;
  if (o.levels == "auto") s.sigma_max = max_level;
  apply_process_constants(line, o.process, &s);
  return s;
}

// Of the data's columns, measured whatever --sigma-data says, in the coordinates of the process; of
// a U-Net, which takes all pixels alike, the mean.
std::vector<double> deviation_in_process(const TrainingData& data, const ScoreDescription& d) {
  ColumnMoments moments = column_moments(data.rows.values, data.rows.columns);
  std::vector<double>& deviation = moments.variance;
  deviation.resize(static_cast<std::size_t>(d.dimension));
  double mean = 0;
  for (std::size_t j = 0; j < deviation.size(); ++j) {
    deviation[j] = std::sqrt(deviation[j]) / (d.process.standardizes() ? d.sigma_data[j] : 1);
    mean += deviation[j] / static_cast<double>(deviation.size());
  }
  return d.unet ? std::vector<double>{mean} : deviation;
}

// The highest level and the length of a ladder of --levels auto are measured on the rows.
Process process_of(const CommandLine& line, const ScoreCommand& o, const TrainingData& data,
                   double unit) {
  ProcessSettings s = process_settings(line, o, unit);
  if (o.levels == "auto") {
    const std::size_t dimension = data.rows.columns - static_cast<std::size_t>(data.context);
    if (s.sigma_max == max_level) s.sigma_max = largest_distance(data.rows, dimension);
    if (s.sigma_max <= s.sigma_min)
      fail_invalid("--levels auto: the largest distance between rows, " + number_text(s.sigma_max) +
                   ", is not above --sigma-min " + number_text(s.sigma_min));
    s.levels = ladder_levels(s.sigma_min, s.sigma_max, ladder_ratio(dimension));
    inform(std::to_string(s.levels) + " levels from " + number_text(s.sigma_max));
  }
  return Process(s, "--process");
}

// Adds a constant of the process to what --resume compares.
struct ConstantText {
  RunSettings* settings;

  void operator()(const char* name, double value, double) const {
    (*settings)[option_of(name)] = number_text(value);
  }
  void operator()(const char* name, int value, double) const {
    (*settings)[option_of(name)] = std::to_string(value);
  }
  void operator()(const char* name, BetaSchedule value, double) const {
    (*settings)[option_of(name)] = beta_schedule_name(value);
  }
};

}  // namespace

void add_score_model(CommandLine& line, ScoreCommand* o) {
  line.group("Model");
  line.choice("objective", &o->objective, score_loss_names(),
              "dsm for most processes, denoise for edm, unless given");
  std::vector<std::string> processes = process_names();
  for (const std::string& name : restoration_names()) processes.push_back(name);
  line.choice("process", &o->process.process, processes,
              "how rows are spoilt; none (ism, ssm), ve (dsm), vp (ml), edm unless given");
  line.choice("parametrization", &o->parametrization, parametrization_names(),
              "what the network predicts; edm (edm), score (none, without noise), else noise");
  line.choice("embedding", &o->embedding, embedding_names(),
              "how the network is told the level; fourier, or none with --levels auto");
  add_network(line, &o->network);
  line.flag("flip", &o->flip, "turn pictures left to right, by chance, in training");
  line.flag("label", &o->label, "condition on /label, whole numbers from 0");
  line.number("label-dropout", &o->label_dropout, Range::at_least(0).below(1),
              "share of rows trained without their label, for guidance");
  line.choice("projection", &o->projection, {"rademacher", "normal"},
              "directions of ssm and ssm-vr");
  line.choice("variance", &o->variance, {"fixed", "learned"},
              "ddpm: whether the network says the variance of a step");
  line.group("Process");
  line.number("sigma", &o->sigma, {0, max_level},
              "none: the noise level; 0 is 0.1 (dsm, denoise), no noise (ism, ssm)");
  add_process_constants(line, &o->process);
  line.text("levels", &o->levels, "N|auto|continuous",
            "ve: levels of the ladder, 10 unless given; ddpm: steps, 1000; blur 100, cold 50");
  line.number("p-mean", &o->p_mean, {-100, 100}, "edm: mean of ln sigma in training");
  line.number("p-std", &o->p_std, Range::above(0).at_most(100),
              "edm: standard deviation of ln sigma in training");
  line.number("sigma-data", &o->sigma_data, Range::at_least(0),
              "standard deviation of the data; 0 measures it");
}

void complete_score_command(const CommandLine& line, ScoreCommand* o) {
  std::string& process = o->process.process;
  if (process.empty())
    process = o->levels == "auto" || o->levels == "continuous" ? "ve"
              : implicit(o->objective)                         ? "none"
              : o->objective == "dsm"                          ? "ve"
              : o->objective == "ml"                           ? "vp"
                                                               : "edm";
  if (o->objective.empty()) o->objective = process == "edm" ? "denoise" : "dsm";
  if (o->embedding.empty()) o->embedding = o->levels == "auto" ? "none" : "fourier";
  const bool clean = process == "none" && implicit(o->objective) && o->sigma == 0;
  if (o->parametrization.empty())
    o->parametrization = process == "edm" ? "edm" : clean ? "score" : "noise";
  if (clean && o->parametrization != "score")
    fail_usage("--parametrization " + o->parametrization +
               " divides by the noise level; without noise it is score");
  if (process == "none" && o->objective == "ml")
    fail_usage("--objective ml weighs the levels of a process; none has one");
  if (process == "none" && line.given("embedding"))
    fail_usage("--process none has one level, so no --embedding");
  if (line.given("projection") && o->objective != "ssm" && o->objective != "ssm-vr")
    fail_usage("option --projection: belongs to --objective ssm, ssm-vr");
  if (o->variance == "learned" && (process != "ddpm" || o->objective != "dsm"))
    fail_usage("--variance learned goes with --process ddpm and --objective dsm");
  if (line.given("label-dropout") && !o->label) fail_usage("--label-dropout needs --label");
  check_network(line, o->network);
  if (o->network.unet.dropout > 0 && implicit(o->objective))
    fail_usage("--objective " + o->objective + " has no --dropout");
}

ScoreDescription describe_score(const CommandLine& line, const ScoreCommand& o,
                                const TrainingData& data, const std::string& input) {
  ScoreDescription d;
  const std::size_t dimension = data.rows.columns - static_cast<std::size_t>(data.context);
  if (dimension > static_cast<std::size_t>(max_score_dimension))
    fail_invalid("rows of " + std::to_string(dimension) + " numbers; a score model takes up to " +
                 std::to_string(max_score_dimension));
  const std::string name = input == "-" ? "standard input" : input;
  d.dimension = static_cast<int>(dimension);
  d.parametrization = parametrization_named(o.parametrization, "--parametrization");
  d.embedding = embedding_named(o.embedding, "--embedding");
  const ConditionalShape network = network_shape(o.network, data.row_shape);
  d.hidden = network.hidden;
  d.depth = network.depth;
  d.unet = network.unet;
  d.classes = data.classes;
  d.class_rows = data.class_rows;
  d.label_dropout = o.label_dropout;
  d.learned_variance = o.variance == "learned";
  measure_data(data.rows, name, o.sigma_data, &d);
  d.process = process_of(line, o, data, d.unet ? 2 * d.sigma_data[0] : 1);
  for (const std::string& warning : level_warnings(d.process, deviation_in_process(data, d)))
    warn(warning);
  return d;
}

RunSettings settings_of(const ScoreCommand& o, const ProcessSettings& process) {
  RunSettings settings = {{"objective", o.objective},
                          {"process", o.process.process},
                          {"parametrization", o.parametrization},
                          {"embedding", o.embedding},
                          {"projection", o.projection},
                          {"variance", o.variance},
                          {"label", o.label ? "yes" : "no"},
                          {"label-dropout", number_text(o.label_dropout)},
                          {"flip", o.flip ? "yes" : "no"},
                          {"sigma-data", number_text(o.sigma_data)}};
  each_constant(process, ConstantText{&settings});
  settings.merge(settings_of(o.network));
  return settings;
}

}  // namespace pushforward
