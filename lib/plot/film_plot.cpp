// Films of points, one panel per frame.
#include <algorithm>
#include <cmath>
#include <utility>

#include "base/error.hpp"
#include "plot/film.hpp"
#include "plot/picture_film.hpp"
#include "plot/plot.hpp"

namespace pushforward {
namespace {

constexpr std::size_t max_frames = 12;

std::vector<std::byte> draw_points_film(const PlotOptions& options, const Film& film) {
  const std::size_t columns = product(film.frame_shape) / film.frame_shape[0];
  const std::size_t x = film_column(film.name, columns, options.columns.x, 0, "--x-column");
  const std::size_t y = film_column(film.name, columns, options.columns.y, 1, "--y-column");
  FigureSpec spec;
  const std::vector<std::string> names = captions(film);
  std::vector<std::vector<double>> across, up;
  for (std::size_t i = 0; i < film.frames.size(); ++i) {
    across.emplace_back();
    up.emplace_back();
    for (std::size_t r = 0; r < film.frame_shape[0]; ++r) {
      across[i].push_back(film.frames[i][r * columns + x]);
      up[i].push_back(film.frames[i][r * columns + y]);
    }
    std::vector<double> xs = across[i], ys = up[i];
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
  set_titles_and_page(options, names, &spec);
  if (spec.titles.empty()) spec.titles = names;  // one frame alone
  if (options.columns.x >= 0 || options.columns.y >= 0) {
    spec.x_label = "column " + std::to_string(x);
    spec.y_label = "column " + std::to_string(y);
  }
  spec.alike = true;
  spec.fixed_x = spec.fixed_y = options.x.has_value();
  Figure figure(spec);
  for (std::size_t i = 0; i < film.frames.size(); ++i) {
    const int panel = static_cast<int>(i);
    figure.enter(panel);
    draw_points(&figure.canvas(), figure.frame(panel), across[i], up[i], {}, series_colour(0));
  }
  return figure.finish();
}

}  // namespace

std::vector<std::byte> draw_film(const PlotOptions& options,
                                 std::vector<ContainerReader> containers) {
  const Film film = read_film(RowReader(std::move(containers.at(0))), max_frames);
  if (film.frame_shape.size() == 2 || options.columns.x >= 0 || options.columns.y >= 0)
    return draw_points_film(options, film);
  if (options.x) fail_usage("option --range: pictures have no axes");
  return draw_picture_film(options, film);
}

}  // namespace pushforward
