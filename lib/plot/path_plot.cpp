// Trajectories of rows in the plane: some of their paths over the end points of all.
#include <utility>

#include "plot/paths.hpp"
#include "plot/plot.hpp"

namespace pushforward {
namespace {

constexpr PathLimits limits = {series_colours, 32, 2048, 512};
constexpr Colour end_colour = {0.55f, 0.6f, 0.68f};

// Of all the paths, but no further than somewhat beyond the end points.
void add_range(const Paths& paths, bool first, FigureSpec* spec) {
  const auto add = [&](std::vector<double> end, std::vector<double> Path::*coordinate,
                       Interval* interval) {
    const Interval ends = robust_interval(&end);
    std::vector<double> points;
    for (const Path& path : paths.paths)
      points.insert(points.end(), (path.*coordinate).begin(), (path.*coordinate).end());
    const Interval shown = around(ends, join(ends, robust_interval(&points)));
    *interval = first ? shown : join(*interval, shown);
  };
  add(paths.end_x, &Path::x, &spec->x.interval);
  add(paths.end_y, &Path::y, &spec->y.interval);
}

// Ends are discs, beginnings rings.
void draw_paths(Canvas* canvas, const Frame& frame, const std::vector<Path>& paths) {
  for (std::size_t i = 0; i < paths.size(); ++i)
    draw_trace(canvas, frame, paths[i].x, paths[i].y, series_colour(static_cast<long>(i)));
  for (std::size_t i = 0; i < paths.size(); ++i) {
    const Colour colour = series_colour(static_cast<long>(i));
    const Point start = frame.at(paths[i].x.front(), paths[i].y.front());
    const Point end = frame.at(paths[i].x.back(), paths[i].y.back());
    canvas->disc(start, 3.1 * frame.unit, colour);
    canvas->disc(start, 1.9 * frame.unit, white);
    canvas->disc(end, 4 * frame.unit, white);
    canvas->disc(end, 3.1 * frame.unit, colour);
  }
}

}  // namespace

std::vector<std::byte> draw_trajectories(const PlotOptions& options,
                                         std::vector<ContainerReader> containers) {
  std::vector<Paths> all;
  FigureSpec spec;
  std::vector<std::string> names;
  for (ContainerReader& container : containers) {
    all.push_back(read_paths(RowReader(std::move(container)), options.columns, limits));
    names.push_back(title_of(all.back().name));
    add_range(all.back(), all.size() == 1, &spec);
  }
  if (options.x && options.y) {
    spec.x.interval = *options.x;
    spec.y.interval = *options.y;
  }
  set_titles(options, names, &spec);
  if (options.columns.x >= 0 || options.columns.y >= 0) {
    spec.x_label = "column " + std::to_string(options.columns.x < 0 ? 0 : options.columns.x);
    spec.y_label = "column " + std::to_string(options.columns.y < 0 ? 1 : options.columns.y);
  }
  spec.width = options.width;
  spec.height = options.height;
  spec.alike = true;
  spec.fixed_x = spec.fixed_y = options.x.has_value();
  Figure figure(spec);
  for (std::size_t i = 0; i < all.size(); ++i) {
    const int panel = static_cast<int>(i);
    figure.enter(panel);
    draw_points(&figure.canvas(), figure.frame(panel), all[i].end_x, all[i].end_y, {}, end_colour);
    draw_paths(&figure.canvas(), figure.frame(panel), all[i].paths);
  }
  figure.finish();
  return figure.canvas().png();
}

}  // namespace pushforward
