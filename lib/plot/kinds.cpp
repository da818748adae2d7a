#include "plot/kinds.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "base/text.hpp"

namespace pushforward {
namespace {

using Names = std::vector<std::string>;

// The settings that were given, of those that some kinds look at and others do not.
Names given_settings(const PlotOptions& options) {
  Names given;
  const auto add = [&](const char* name, bool is_given) {
    if (is_given) given.emplace_back(name);
  };
  add("model", !options.models.empty());
  add("sigma", options.sigma > 0);
  add("model_label", options.model_label >= 0);
  add("overlay", options.overlay);
  add("legend", !options.legend.empty());
  add("columns", !options.column_list.empty());
  add("log", options.log);
  add("log_x", options.log_x);
  add("x_column", !options.columns.x.empty());
  add("y_column", !options.columns.y.empty());
  add("label", options.columns.label);
  add("frames", options.frames.has_value());
  return given;
}

// The kinds that look at a setting, in words.
std::string users_of(const std::string& field) {
  Names users;
  for (const PlotKind& kind : plot_kinds())
    if (kind.looks_at(field)) users.push_back(kind.name);
  if (table_kind().looks_at(field)) users.push_back("tables (" + setting("columns") + ")");
  return listed(users, " and ", " kinds", 8);
}

std::string named(const PlotKind& kind) {
  return &kind == &table_kind() ? "a table" : setting("kind") + " " + kind.name;
}

}  // namespace

bool PlotKind::looks_at(const std::string& field) const {
  if (field == "model") return models != Models::none;
  return std::find(settings.begin(), settings.end(), field) != settings.end();
}

const std::vector<PlotKind>& plot_kinds() {
  using Models = PlotKind::Models;
  using Inputs = PlotKind::Inputs;
  using Ranges = PlotKind::Ranges;
  const Names plane = {"x_column", "y_column"};
  const Names of_models = {"x_column",    "y_column", "label",  "sigma",
                           "model_label", "log",      "overlay"};
  static const std::vector<PlotKind> kinds = {
      {"scatter",
       Models::none,
       Inputs::several,
       Ranges::both,
       {"x_column", "y_column", "label", "overlay", "legend"},
       draw_plane},
      {"hist2d",
       Models::none,
       Inputs::several,
       Ranges::both,
       {"x_column", "y_column", "log"},
       draw_plane},
      {"hist",
       Models::none,
       Inputs::several,
       Ranges::x_alone,
       {"x_column", "log", "overlay", "legend"},
       draw_histograms},
      {"pairs",
       Models::optional,
       Inputs::several,
       Ranges::none,
       {"columns", "model_label", "legend"},
       draw_pairs},
      {"density", Models::needed, Inputs::several, Ranges::both, of_models, draw_plane},
      {"score", Models::needed, Inputs::several, Ranges::both, of_models, draw_plane},
      {"curve",
       Models::none,
       Inputs::several,
       Ranges::x_alone,
       {"log", "overlay", "legend"},
       draw_curves},
      {"film",
       Models::none,
       Inputs::one,
       Ranges::both,
       {"x_column", "y_column", "frames"},
       draw_film,
       animate_film},
      {"trajectory", Models::none, Inputs::several, Ranges::both, plane, draw_trajectories},
      {"trace", Models::none, Inputs::one, Ranges::x_alone, {"x_column"}, draw_traces},
      {"rhat", Models::none, Inputs::several, Ranges::x_alone, {"x_column", "log"}, draw_rhat}};
  return kinds;
}

const PlotKind& table_kind() {
  static const PlotKind kind = {"table",
                                PlotKind::Models::none,
                                PlotKind::Inputs::several,
                                PlotKind::Ranges::x_alone,
                                {"columns", "log", "log_x"},
                                draw_tables};
  return kind;
}

void check_kind(const PlotOptions& options, const PlotKind& kind) {
  for (const std::string& field : given_settings(options))
    if (!kind.looks_at(field))
      fail_usage("option " + setting(field) + " is not for " + named(kind) + "; it is for " +
                 users_of(field));
  const bool models = !options.models.empty();
  if (kind.models == PlotKind::Models::needed && !models)
    fail_usage(named(kind) + " needs a model, -m MODEL");
  if (!models && options.model_label >= 0)
    fail_usage(setting("model_label") + " is the class of a model, -m MODEL");
  if (kind.inputs == PlotKind::Inputs::one && options.inputs.size() > 1)
    fail_usage(named(kind) + " draws one INPUT");
  if (options.inputs.empty() && (options.columns.chosen() || options.columns.label))
    fail_usage(setting("x_column") + ", " + setting("y_column") + " and " + setting("label") +
               " are for rows, an INPUT");
  if (options.overlay && models && options.inputs.empty())
    fail_usage(setting("overlay") + " draws rows over a model; give rows, an INPUT");
  if (options.overlay && !models && options.inputs.size() < 2)
    fail_usage(setting("overlay") + " draws rows over a model, or several INPUTs into one panel");
  if (options.overlay && !models && options.columns.label)
    fail_usage(setting("overlay") + " gives each INPUT a colour, " + setting("label") +
               " each class; choose one");
  if (!options.legend.empty() && !options.overlay && kind.name != "pairs")
    fail_usage(setting("legend") + " names the sets of one panel; give " + setting("overlay"));
  if (kind.ranges == PlotKind::Ranges::none && options.x)
    fail_usage("option " + setting("range") + " is not for " + named(kind) +
               ", whose panels have axes of their own");
  if (kind.ranges == PlotKind::Ranges::both && options.x && !options.y)
    fail_usage("option " + setting("range") + ": a picture of a plane needs both, X0:X1,Y0:Y1");
}

}  // namespace pushforward
