// Films of points: a panel for each frame, or a picture for each.
#include <algorithm>
#include <utility>

#include "base/error.hpp"
#include "plot/column_names.hpp"
#include "plot/film.hpp"
#include "plot/kinds.hpp"
#include "plot/layers.hpp"
#include "plot/picture_film.hpp"

namespace pushforward {
namespace {

constexpr std::size_t max_panels = 12;

// The places of points in each frame, and the axes that suit all frames.
struct PointFilm {
  std::vector<std::vector<double>> across, up;
  std::vector<std::string> captions;
  FigureSpec spec;
};

bool of_points(const PlotOptions& options, const Film& film) {
  return film.frame_shape.size() == 2 || options.columns.chosen();
}

PointFilm point_film(const PlotOptions& options, const RowReader& reader, const Film& film) {
  const std::size_t columns = product(film.frame_shape) / film.frame_shape[0];
  const std::size_t x = film_column(reader, columns, options.columns.x, 0, "x_column");
  const std::size_t y = film_column(reader, columns, options.columns.y, 1, "y_column");
  PointFilm points;
  FigureSpec& spec = points.spec;
  points.captions = captions(film);
  for (std::size_t i = 0; i < film.frames.size(); ++i) {
    points.across.emplace_back();
    points.up.emplace_back();
    for (std::size_t r = 0; r < film.frame_shape[0]; ++r) {
      points.across[i].push_back(film.frames[i][r * columns + x]);
      points.up[i].push_back(film.frames[i][r * columns + y]);
    }
    std::vector<double> xs = points.across[i], ys = points.up[i];
    const Interval x_range = robust_interval(&xs), y_range = robust_interval(&ys);
    spec.x.interval = i == 0 ? x_range : join(spec.x.interval, x_range);
    spec.y.interval = i == 0 ? y_range : join(spec.y.interval, y_range);
    if (i + 1 < film.frames.size()) continue;
    spec.x.interval = around(x_range, spec.x.interval);
    spec.y.interval = around(y_range, spec.y.interval);
  }
  if (options.x && options.y) {
    spec.x.interval = *options.x;
    spec.y.interval = *options.y;
  }
  const std::vector<std::string> names = column_names(reader, columns);
  if (!names.empty() || options.columns.chosen()) {
    spec.x_label = column_title(names, x);
    spec.y_label = column_title(names, y);
  }
  spec.alike = true;
  spec.fixed_x = spec.fixed_y = options.x.has_value();
  return points;
}

void draw_frame_points(const PointFilm& points, std::size_t frame, int panel, Figure* figure) {
  figure->enter(panel);
  draw_points(&figure->canvas(), figure->frame(panel), points.across[frame], points.up[frame], {},
              series_colour(0));
}

void refuse_range(const PlotOptions& options) {
  if (options.x) fail_usage("option " + setting("range") + ": pictures have no axes");
}

}  // namespace

std::vector<std::byte> draw_film(const PlotOptions& options, Containers containers) {
  const FrameChoice usual = {0, 1, {}, max_panels, FrameChoice::Spacing::equal};
  const FrameChoice choice = options.frames.value_or(usual);
  const RowReader reader(std::move(containers.at(0)));
  const Film film = read_film(reader, choice);
  if (!of_points(options, film)) {
    refuse_range(options);
    return draw_picture_film(options, film);
  }
  PointFilm points = point_film(options, reader, film);
  set_titles_and_page(options, points.captions, &points.spec);
  if (points.spec.titles.empty()) points.spec.titles = points.captions;  // one frame alone
  Figure figure(points.spec);
  for (std::size_t i = 0; i < film.frames.size(); ++i)
    draw_frame_points(points, i, static_cast<int>(i), &figure);
  return figure.finish();
}

void animate_film(const PlotOptions& options, Containers containers, const ShowFrame& show) {
  const RowReader reader(std::move(containers.at(0)));
  const Film film = read_film(reader, options.frames.value_or(FrameChoice{}));
  if (options.titles.size() > 1)
    fail_usage("option " + setting("title") + ": frames have one heading and their steps");
  if (!of_points(options, film)) {
    refuse_range(options);
    return animate_picture_film(options, film, show);
  }
  PointFilm points = point_film(options, reader, film);
  set_titles_and_page(options, {points.captions[0]}, &points.spec);
  for (std::size_t i = 0; i < film.frames.size(); ++i) {
    points.spec.titles = {points.captions[i]};
    Figure figure(points.spec);
    draw_frame_points(points, i, 0, &figure);
    figure.complete();
    show(figure.canvas().raster());
  }
}

}  // namespace pushforward
