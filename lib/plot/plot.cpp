#include "plot/plot.hpp"

#include <algorithm>
#include <set>
#include <utility>

#include "base/error.hpp"
#include "plot/kinds.hpp"
#include "plot/training_curves.hpp"

namespace pushforward {
namespace {

const PlotKind& kind_named(const std::string& name) {
  for (const PlotKind& kind : plot_kinds())
    if (kind.name == name) return kind;
  fail_usage("no kind of picture is named " + name);
}

// The kind that suits containers of rows or logs.
std::string suitable_kind(const PlotOptions& options,
                          const std::vector<ContainerReader>& containers) {
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
  return most > crowded_rows && !options.columns.label && !options.overlay ? "hist2d" : "scatter";
}

// What is known before the files are open: the kind that was asked for, or that the options mean;
// null: the files decide.
const PlotKind* kind_of_options(const PlotOptions& options) {
  const std::string& kind = options.kind;
  if (!options.column_list.empty() && (kind.empty() || kind == "curve" || kind == "scatter"))
    return &table_kind();
  if (!kind.empty()) return &kind_named(kind);
  if (!options.models.empty()) return &kind_named("density");  // or score: draw_plane decides
  const bool has_table =
      std::any_of(options.inputs.begin(), options.inputs.end(), is_training_table);
  return has_table ? &kind_named("curve") : nullptr;
}

struct Work {
  const PlotKind* kind;
  PlotOptions options;  // with the name of the kind, where the files decide
  Containers containers;
};

Work prepared(const PlotOptions& options) {
  Work work = {kind_of_options(options), options, {}};
  if (work.kind != nullptr) check_kind(options, *work.kind);
  if (work.kind == &table_kind()) return work;
  const bool curves = work.kind != nullptr && work.kind->name == "curve";
  for (const std::string& input : options.inputs)
    if (!curves || !is_training_table(input)) work.containers.emplace_back(input);
  if (work.kind != nullptr) return work;
  work.options.kind = suitable_kind(options, work.containers);
  work.kind = &kind_named(work.options.kind);
  check_kind(options, *work.kind);
  return work;
}

}  // namespace

std::vector<std::string> plot_kind_names() {
  std::vector<std::string> names;
  for (const PlotKind& kind : plot_kinds()) names.push_back(kind.name);
  return names;
}

std::vector<std::byte> draw_plot(const PlotOptions& options) {
  Work work = prepared(options);
  return work.kind->draw(work.options, std::move(work.containers));
}

void draw_frames(const PlotOptions& options, const ShowFrame& show) {
  Work work = prepared(options);
  if (work.kind->animate == nullptr)
    fail_usage("option " + setting("output") + ": pictures that move are of " + setting("kind") +
               " film, not " + work.kind->name + "; name a .png, .svg or .pdf");
  work.kind->animate(work.options, std::move(work.containers), show);
}

void set_titles_and_page(const PlotOptions& options, const std::vector<std::string>& names,
                         FigureSpec* spec) {
  const std::size_t given = options.titles.size(), panels = names.size();
  spec->panels = static_cast<int>(panels);
  if (given > 1 && given != panels)
    fail_usage("option " + setting("title") + ": " + std::to_string(given) + " titles for " +
               std::to_string(panels) + (panels == 1 ? " panel" : " panels") +
               "; give one in all or one a panel");
  if (given == 1) spec->heading = options.titles[0];
  if (panels > 1) spec->titles = given > 1 ? options.titles : names;
  spec->format = options.format;
  spec->width = options.width;
  spec->height = options.height;
  spec->paper = options.paper;
}

std::vector<std::string> names_of_files(const std::vector<std::string>& files) {
  std::vector<std::string> names;
  for (const std::string& file : files) names.push_back(title_of(file));
  const std::set<std::string> different(names.begin(), names.end());
  return different.size() == names.size() ? names : files;
}

std::vector<std::string> names_of_sets(const PlotOptions& options,
                                       const std::vector<std::string>& files) {
  if (options.legend.empty()) return names_of_files(files);
  if (options.legend.size() != files.size())
    fail_usage("option " + setting("legend") + ": " + std::to_string(options.legend.size()) +
               (options.legend.size() == 1 ? " name for " : " names for ") +
               std::to_string(files.size()) + " sets; give one for each");
  return options.legend;
}

void choose_range(const std::optional<Interval>& asked, bool log, Scale* scale) {
  scale->logarithmic = log;
  if (!asked) return;
  if (log && !(asked->low > 0))
    fail_usage("option " + setting("range") + ": a logarithmic axis must begin above 0");
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
  if (!(most > 0))
    fail_invalid(whose + " is 0 everywhere in the range; give another " + setting("range"));
  if (!log) return {{0, most}, false};
  return {{std::max(std::min(least, most / 2), most * 1e-5), most}, true};
}

}  // namespace pushforward
