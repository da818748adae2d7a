// Trajectories of rows in the plane: some of their paths over the end points of all.
#include <utility>

#include "plot/kinds.hpp"
#include "plot/paths.hpp"

namespace pushforward {
namespace {

constexpr PathLimits limits = {series_colours, 32, 2048, 512};
constexpr Colour end_colour = {0.55f, 0.6f, 0.68f};

// The end points of fewer rows do not say how large the interesting part of the plane is.
constexpr std::size_t few_rows = 20;

Interval range_of(const std::vector<double>& ends, const std::vector<Path>& paths,
                  std::vector<double> Path::*coordinate) {
  std::vector<double> all, late = ends;
  for (const Path& path : paths) {
    const std::vector<double>& points = path.*coordinate;
    all.insert(all.end(), points.begin(), points.end());
    if (ends.size() >= few_rows) continue;
    late.insert(late.end(), points.begin() + static_cast<std::ptrdiff_t>(points.size() / 2),
                points.end());
  }
  const Interval main = robust_interval(&late);
  return around(main, join(main, robust_interval(&all)));
}

// Earlier parts are paler, so that the initial noise of samplers does not hide the ends.
void draw_path(Canvas* canvas, const Frame& frame, const Path& path, Colour colour) {
  constexpr std::size_t pieces = 12;
  const std::size_t last = path.x.size() - 1;
  for (std::size_t k = 0; k < pieces; ++k) {
    const auto begin = static_cast<std::ptrdiff_t>(k * last / pieces);
    const auto end = static_cast<std::ptrdiff_t>((k + 1) * last / pieces);
    if (begin == end) continue;
    draw_trace(canvas, frame, {path.x.begin() + begin, path.x.begin() + end + 1},
               {path.y.begin() + begin, path.y.begin() + end + 1}, colour,
               0.25 + 0.55 * static_cast<double>(k) / (pieces - 1));
  }
}

// Paths begin with a ring and end with a disc.
void draw_paths(Canvas* canvas, const Frame& frame, const std::vector<Path>& paths) {
  for (std::size_t i = 0; i < paths.size(); ++i)
    draw_path(canvas, frame, paths[i], series_colour(static_cast<long>(i)));
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

std::vector<std::byte> draw_trajectories(const PlotOptions& options, Containers containers) {
  std::vector<Paths> all;
  FigureSpec spec;
  std::vector<std::string> names;
  for (ContainerReader& container : containers) {
    all.push_back(read_paths(RowReader(std::move(container)), options.columns, limits));
    names.push_back(title_of(all.back().name));
    const Paths& paths = all.back();
    const Interval x = range_of(paths.end_x, paths.paths, &Path::x);
    const Interval y = range_of(paths.end_y, paths.paths, &Path::y);
    spec.x.interval = all.size() == 1 ? x : join(spec.x.interval, x);
    spec.y.interval = all.size() == 1 ? y : join(spec.y.interval, y);
  }
  if (options.x && options.y) {
    spec.x.interval = *options.x;
    spec.y.interval = *options.y;
  }
  set_titles_and_page(options, names, &spec);
  spec.x_label = all[0].x_title;
  spec.y_label = all[0].y_title;
  spec.alike = true;
  spec.fixed_x = spec.fixed_y = options.x.has_value();
  Figure figure(spec);
  for (std::size_t i = 0; i < all.size(); ++i) {
    const int panel = static_cast<int>(i);
    figure.enter(panel);
    draw_points(&figure.canvas(), figure.frame(panel), all[i].end_x, all[i].end_y, {}, end_colour);
    draw_paths(&figure.canvas(), figure.frame(panel), all[i].paths);
  }
  return figure.finish();
}

}  // namespace pushforward
