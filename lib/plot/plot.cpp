#include "plot/plot.hpp"

#include <algorithm>
#include <utility>

#include "base/error.hpp"
#include "plot/film.hpp"
#include "plot/training_curves.hpp"

namespace pushforward {
namespace {

bool of_models(const std::string& kind) { return kind == "density" || kind == "score"; }

bool one_of(const std::string& kind, const std::vector<std::string>& kinds) {
  return std::find(kinds.begin(), kinds.end(), kind) != kinds.end();
}

// Checks that do not depend on the files.
void check(const PlotOptions& options) {
  const std::string& kind = options.kind;
  if (options.models.empty()) {
    if (of_models(kind)) fail_usage("--kind " + kind + " needs a model, -m MODEL");
    if (options.sigma > 0) fail_usage("--sigma is the noise level of a model, -m MODEL");
    if (options.model_label >= 0) fail_usage("--model-label is the class of a model, -m MODEL");
    if (options.overlay) fail_usage("--overlay draws rows over a model's picture; give -m MODEL");
  } else if (!kind.empty() && !of_models(kind)) {
    fail_usage("--kind " + kind + " draws no model; -m MODEL is for density and score");
  }
  if (options.overlay && options.inputs.empty()) fail_usage("--overlay needs rows, an INPUT");
  const bool table = !options.table_columns.empty();
  if (table && !(options.models.empty() && one_of(kind, {"", "curve", "scatter"})))
    fail_usage("--columns is for curves of tables, not for --kind " +
               (options.models.empty() ? kind : "density or score"));
  if (options.log_x && !table) fail_usage("--log-x is for curves of tables; give --columns");
  const bool columns = options.columns.x >= 0 || options.columns.y >= 0 || options.columns.label;
  if ((kind == "film" || kind == "trace") && options.inputs.size() > 1)
    fail_usage("--kind " + kind + " draws one INPUT");
  if (columns && (kind == "curve" || table || options.inputs.empty()))
    fail_usage("--x-column, --y-column and --label are for rows");
}

// Checks of the options against the kind, once it is known.
void check_kind(const PlotOptions& options, const std::string& kind) {
  if (options.log && one_of(kind, {"scatter", "film", "trajectory", "trace"}))
    fail_usage("--log is not for --kind " + kind + ", which has no scale of colours");
  if (options.columns.label && kind != "scatter" && !of_models(kind))
    fail_usage("--label colours the points of rows, which --kind " + kind + " does not draw");
  if (one_of(kind, {"hist", "trace", "rhat"}) && options.columns.y >= 0)
    fail_usage("--kind " + kind + " draws columns one by one; --x-column chooses");
  if (kind == "curve" && options.columns.x >= 0)
    fail_usage("--x-column is for rows, not for curves");
  if (!one_of(kind, {"curve", "hist", "trace", "rhat"}) && options.x && !options.y)
    fail_usage("option --range: a picture of a plane needs both, X0:X1,Y0:Y1");
}

std::string suitable_kind(const PlotOptions& options,
                          const std::vector<ContainerReader>& containers) {
  if (!options.models.empty()) return "";  // chosen when the models are read
  if (containers[0].kind() == "model") return "curve";
  if (containers.size() == 1 && is_film(containers[0])) return "film";
  std::size_t most = 0;
  for (const ContainerReader& container : containers) {
    if (!container.has(container.main_dataset())) return "scatter";  // which says what is missing
    const Shape shape = container.info(container.main_dataset()).shape;
    if (shape.size() < 2) return "scatter";
    if (product(shape) == shape[0]) return "hist";
    most = std::max(most, shape[0]);
  }
  return most > crowded_rows && !options.columns.label ? "hist2d" : "scatter";
}

}  // namespace

const std::vector<std::string>& plot_kinds() {
  static const std::vector<std::string> kinds = {"scatter", "hist2d", "hist", "density",
                                                 "score",   "curve",  "film", "trajectory",
                                                 "trace",   "rhat"};
  return kinds;
}

std::vector<std::byte> draw_plot(const PlotOptions& options) {
  check(options);
  if (!options.table_columns.empty()) return draw_tables(options);
  std::string kind = options.kind;
  if (kind.empty() && options.models.empty() && is_training_table(options.inputs[0]))
    kind = "curve";
  std::vector<ContainerReader> containers;
  for (const std::string& input : options.inputs)
    if (kind != "curve" || !is_training_table(input)) containers.emplace_back(input);
  if (kind.empty()) kind = suitable_kind(options, containers);
  check_kind(options, kind);
  if (kind == "curve") return draw_curves(options, std::move(containers));
  if (kind == "film") return draw_film(options, std::move(containers));
  if (kind == "trajectory") return draw_trajectories(options, std::move(containers));
  if (kind == "trace") return draw_traces(options, std::move(containers));
  if (kind == "rhat") return draw_rhat(options, std::move(containers));
  if (kind == "hist") return draw_histograms(options, std::move(containers));
  return draw_plane(options, kind, std::move(containers));
}

void set_titles_and_page(const PlotOptions& options, const std::vector<std::string>& names,
                         FigureSpec* spec) {
  const std::size_t given = options.titles.size(), panels = names.size();
  spec->panels = static_cast<int>(panels);
  if (given > 1 && given != panels)
    fail_usage("option --title: " + std::to_string(given) + " titles for " +
               std::to_string(panels) + (panels == 1 ? " panel" : " panels") +
               "; give one in all or one a panel");
  if (given == 1) spec->heading = options.titles[0];
  if (panels > 1) spec->titles = given > 1 ? options.titles : names;
  spec->format = options.format;
  spec->width = options.width;
  spec->height = options.height;
}

void choose_range(const std::optional<Interval>& asked, bool log, Scale* scale) {
  scale->logarithmic = log;
  if (!asked) return;
  if (log && !(asked->low > 0)) fail_usage("option --range: a logarithmic axis must begin above 0");
  scale->interval = *asked;
}

Scale colour_scale(const std::vector<const ScalarField*>& fields, bool log,
                   const std::string& whose) {
  double least = 1e300, most = 0;
  for (const ScalarField* field : fields)
    for (const double value : field->values) {
      most = std::max(most, value);
      if (value > 0) least = std::min(least, value);
    }
  if (!(most > 0)) fail_invalid(whose + " is 0 everywhere in the range; give another --range");
  if (!log) return {{0, most}, false};
  return {{std::max(std::min(least, most / 2), most * 1e-5), most}, true};
}

}  // namespace pushforward
