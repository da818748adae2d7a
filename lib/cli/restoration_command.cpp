#include "cli/restoration_command.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "cli/parse_number.hpp"
#include "cli/program.hpp"
#include "io/picture_layout.hpp"

namespace pushforward {
namespace {

// Levels unless given: Rissanen et al. (2023) on 28 x 28 pixels; half as many for cold diffusion.
constexpr int blur_levels = 100, cold_levels = 50;
constexpr double default_blur_min = 0.5;

DegradationSettings degradation_of(const ScoreCommand& score, const RestorationCommand& o,
                                   const ImageShape& picture) {
  DegradationSettings s;
  s.kind = degradation_named(o.degradation, "--degradation");
  s.picture = picture;
  s.levels = score.process.process == "blur"       ? blur_levels
             : s.kind == DegradationKind::pixelate ? max_pixelate_levels(picture)
                                                   : cold_levels;
  if (!score.levels.empty()) {
    try {
      s.levels = static_cast<int>(parse_integer(score.levels, {1, max_degradation_levels}));
    } catch (const Error& error) {
      fail_usage("option --levels: " + std::string(error.what()));
    }
  }
  if (s.kind != DegradationKind::blur) return s;
  s.blur_max = o.blur_max > 0 ? o.blur_max : default_blur_max(picture);
  s.blur_min = o.blur_min > 0 ? o.blur_min : std::min(default_blur_min, s.blur_max);
  return s;
}

}  // namespace

void add_restoration(CommandLine& line, RestorationCommand* o) {
  line.group("Restoration (blur, cold)");
  line.choice("degradation", &o->degradation, degradation_names(),
              "cold: what is undone; blur unless given");
  line.number("blur-min", &o->blur_min, {0, max_blur},
              "width of the first blur in pixels; 0 is 0.5");
  line.number("blur-max", &o->blur_max, {0, max_blur},
              "width of the last; 0 is 5/7 of the larger side, 20 for 28");
}

bool is_restoration(const std::string& process) {
  const std::vector<std::string> names = restoration_names();
  return std::find(names.begin(), names.end(), process) != names.end();
}

void check_restoration_options(const CommandLine& line, const ScoreCommand& score,
                               RestorationCommand* o) {
  const std::string& process = score.process.process;
  const auto refuse = [&](const std::vector<const char*>& options, const std::string& why) {
    for (const char* option : options)
      if (line.given(option)) fail_usage(std::string("option --") + option + ": " + why);
  };
  if (!is_restoration(process)) {
    refuse({"degradation", "blur-min", "blur-max"}, "belongs to --process blur or cold");
    return;
  }
  refuse({"objective", "parametrization", "embedding", "label", "label-dropout", "projection",
          "variance", "sigma", "sigma-min", "sigma-max", "beta-min", "beta-max", "beta-schedule",
          "p-mean", "p-std", "sigma-data"},
         "--process " + process + " does not use it");
  check_network(line, score.network);
  if (process == "blur") refuse({"degradation"}, "belongs to --process cold");
  if (o->degradation.empty()) o->degradation = "blur";
  if (o->degradation != "blur")
    refuse({"blur-min", "blur-max"}, "belongs to a blur, not to --degradation " + o->degradation);
  if (o->blur_min > 0 && o->blur_max > 0 && o->blur_min > o->blur_max)
    fail_usage("--blur-min " + number_text(o->blur_min) + " is above --blur-max " +
               number_text(o->blur_max));
}

RestorationDescription describe_restoration(const ScoreCommand& score, const RestorationCommand& o,
                                            const TrainingData& data, const std::string& input) {
  const std::string name = input == "-" ? "standard input" : input;
  if (data.rows.columns > static_cast<std::size_t>(max_score_dimension))
    fail_invalid(name + ": pictures of " + std::to_string(data.rows.columns) +
                 " numbers; a model takes up to " + std::to_string(max_score_dimension));
  require_channels_first(data.row_shape, name);
  RestorationDescription d;
  d.kind = restoration_named(score.process.process, "--process");
  d.degradation =
      make_degradation(degradation_of(score, o, image_shape(data.row_shape, name)), name);
  d.network = network_shape(score.network, data.row_shape);
  measure_pictures(data.rows, name, &d);
  return d;
}

RunSettings settings_of(const ScoreCommand& score, const RestorationDescription& d) {
  const DegradationSettings& s = d.degradation->settings();
  RunSettings settings = {
      {"process", restoration_name(d.kind)}, {"degradation", degradation_name(s.kind)},
      {"levels", std::to_string(s.levels)},  {"blur-min", number_text(s.blur_min)},
      {"blur-max", number_text(s.blur_max)}, {"flip", score.flip ? "yes" : "no"}};
  settings.merge(settings_of(score.network));
  return settings;
}

}  // namespace pushforward
