#include "cli/score_command.hpp"

#include <algorithm>
#include <cmath>

#include "base/error.hpp"
#include "base/messages.hpp"
#include "base/short_number.hpp"
#include "cli/field_options.hpp"
#include "cli/parse_number.hpp"
#include "cli/program.hpp"
#include "flow/flow.hpp"
#include "nn/model_file.hpp"
#include "score/automatic_ladder.hpp"
#include "score/level_warnings.hpp"
#include "score/process_type.hpp"
#include "score/restoration.hpp"

namespace pushforward {
namespace {

constexpr double one_level = 0.1;  // of --process none

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

// Of the data that the published levels are for.
constexpr double published_deviation = 0.5;

double default_level_unit(const ScoreDescription& d) {
  if (d.standardized) return 1 / published_deviation;
  return d.unet ? d.sigma_data[0] / published_deviation : 1;
}

// Without what --levels auto measures: sigma_max is max_level then.
ProcessSettings process_settings(const CommandLine& line, const ScoreCommand& o,
                                 const ScoreDescription& d) {
  const double unit = default_level_unit(d);
  const std::string& name = o.process.process;
  const int count = level_count(line, o);
  const bool continuum = o.levels == "continuous" || o.objective == "ml";
  ProcessSettings s = continuum && count == 0 ? ProcessSettings::continuous(name)
                                              : ProcessSettings::with_defaults(name, count);
  if (count == 1 && o.objective == "ml")
    fail_usage("--objective ml weighs the levels of a process; --levels 1 leaves one");
  require_constants(line, name, {"sigma", "p_mean", "p_std"});
  if (process_type(name, "--process").has("sigma"))
    s.sigma =
        o.sigma == 0 && !implicit(o.objective) ? one_level * (d.standardized ? 1 : unit) : o.sigma;
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
    deviation[j] = std::sqrt(deviation[j]) / (d.standardizes() ? d.sigma_data[j] : 1);
    mean += deviation[j] / static_cast<double>(deviation.size());
  }
  return d.unet ? std::vector<double>{mean} : deviation;
}

// Levels are relative to the columns' deviations where that was asked for, or where none is given
// and each column has a deviation of its own.
bool has_standardized_levels(const CommandLine& line, const ScoreCommand& o) {
  if (Process(ProcessSettings::with_defaults(o.process.process)).standardizes()) return false;
  if (o.standardize || o.no_standardize || o.network.is_unet()) return o.standardize;
  for (const char* option : {"sigma", "sigma-min", "sigma-max", "p-mean", "sigma-data"})
    if (line.given(option)) return false;
  return true;
}

// Says where the default levels are not the published ones nearly.
void tell_units(const CommandLine& line, const ScoreDescription& d) {
  constexpr double far = 10;
  const auto [least, most] = std::minmax_element(d.sigma_data.begin(), d.sigma_data.end());
  if (!d.standardized || line.given("standardize")) return;
  if (*least < published_deviation / far || *most > published_deviation * far)
    note("noise levels are in units of the columns' standard deviations, here " +
         short_number(*least) + (least == most ? "" : " to " + short_number(*most)) +
         ", unless --no-standardize is given");
}

// The highest level and the length of a ladder of --levels auto are measured on the rows.
Process process_of(const CommandLine& line, const ScoreCommand& o, const TrainingData& data,
                   const ScoreDescription& d) {
  ProcessSettings s = process_settings(line, o, d);
  if (o.levels == "auto") {
    const std::size_t dimension = d.sigma_data.size();
    if (s.sigma_max == max_level)
      s.sigma_max = largest_distance(
          data.rows, d.standardized ? d.sigma_data : std::vector<double>(dimension, 1.0));
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
  line.flag("standardize", &o->standardize,
            "levels are in units of each column's deviation; so they are for --net mlp unless a "
            "level, --sigma-data or --no-standardize is given");
  line.flag("no-standardize", &o->no_standardize, "levels are in the units of the rows");
  line.exclude("standardize", {"no-standardize", "sigma-data"});
}

std::unique_ptr<ScoreModel> read_initial_score(const CommandLine& line,
                                               const TrainingCommand& training, ScoreCommand* o) {
  if (training.init.empty()) return nullptr;
  const auto refuse = [&](const std::string& option) {
    if (line.given(option))
      fail_usage("--init goes on with the model of " + training.init + ", so no --" + option);
  };
  for (const char* option :
       {"process", "parametrization", "embedding", "net", "label", "label-dropout", "variance",
        "sigma", "levels", "p-mean", "p-std", "sigma-data", "standardize", "no-standardize"})
    refuse(option);
  const ProcessSettings constants;
  each_constant(constants, [&](const char* name, const auto&, double) { refuse(option_of(name)); });
  refuse_network(line, o->network, refuse);
  const ContainerReader reader(training.init);
  std::unique_ptr<ScoreModel> model = read_score_model(reader);
  const ScoreDescription& d = model->description();
  o->process.process = d.process.name();
  o->parametrization = parametrization_name(d.parametrization);
  o->embedding = embedding_name(d.embedding);
  o->variance = d.learned_variance ? "learned" : "fixed";
  o->sigma = d.process.settings().sigma;
  o->label = d.classes > 0;
  o->label_dropout = d.label_dropout;
  o->network.net = d.unet ? "unet" : "mlp";
  o->network.dense = d.network();
  if (d.unet) o->network.unet = *d.unet;
  if (o->objective.empty()) o->objective = model_text(reader, "objective");
  return model;
}

RowUse row_use(const ScoreCommand& o, const ScoreModel* initial) {
  RowUse use = row_use(o.network);
  if (initial == nullptr) return use;
  const ScoreDescription& d = initial->description();
  use.fixed = FixedRows{d.origin, d.classes};
  if (!d.origin.empty())
    use.fixed->origin.resize(d.origin.size() + static_cast<std::size_t>(d.classes));
  return use;
}

void require_fitting_rows(const ScoreModel& initial, const TrainingData& data) {
  const int dimension = static_cast<int>(data.rows.columns) - data.context;
  if (dimension != initial.dimension())
    fail_invalid("rows have " + std::to_string(dimension) + " numbers, those of the model of " +
                 setting("init") + " " + std::to_string(initial.dimension()));
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
  d.standardized = has_standardized_levels(line, o);
  d.process = Process(ProcessSettings::with_defaults(o.process.process));
  measure_data(data.rows, name, o.sigma_data, &d);
  d.process = process_of(line, o, data, d);  // its levels may depend on what was measured
  tell_units(line, d);
  for (const std::string& warning : level_warnings(d.process, deviation_in_process(data, d)))
    warn(warning);
  return d;
}

RunSettings settings_of(const ScoreCommand& o, const ScoreDescription& d) {
  RunSettings settings = {{"objective", o.objective},
                          {"process", o.process.process},
                          {"parametrization", o.parametrization},
                          {"embedding", o.embedding},
                          {"projection", o.projection},
                          {"variance", o.variance},
                          {"label", o.label ? "yes" : "no"},
                          {"label-dropout", number_text(o.label_dropout)},
                          {"flip", o.flip ? "yes" : "no"},
                          {"sigma-data", number_text(o.sigma_data)},
                          {"standardize", d.standardized ? "yes" : "no"}};
  each_constant(d.process.settings(), ConstantText{&settings});
  settings.merge(settings_of(o.network));
  return settings;
}

}  // namespace pushforward
