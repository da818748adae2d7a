#include "plot/picture_film.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "base/error.hpp"
#include "io/picture_range.hpp"
#include "plot/axes.hpp"
#include "plot/raster.hpp"
#include "plot/text.hpp"

namespace pushforward {
namespace {

// In units (axes.hpp), except for what is in pixels of a picture.
constexpr double text_gap = 9;
constexpr double longest_title = 160;
constexpr int picture_gap = 2, frame_gap = 6;
constexpr double usual_picture = 56;   // page pixels along its longer side
constexpr double usual_side = 456;     // the same of all tiles of a frame
constexpr int usual_width = 1200;      // of the pictures of one frame together
constexpr int max_pictures = 16;       // per frame
constexpr std::size_t max_tiles = 64;  // of a frame of a moving film

struct Pictures {
  int channels, height, width;
};

Pictures pictures_of(const Film& film) {
  const Shape& shape = film.frame_shape;
  const std::size_t channels = shape.size() == 4 ? shape[1] : 1;
  const std::size_t height = shape[shape.size() - 2], width = shape[shape.size() - 1];
  if (shape.size() > 4 || (channels != 1 && channels != 3))
    fail_invalid(film.name + ": frames of shape " + to_string(shape) +
                 "; a film is of points [N, D] or of pictures [N, C, H, W], 1 or 3 channels");
  if (height > largest_picture || width > largest_picture)
    fail_invalid(film.name + ": pictures of " + std::to_string(width) + "x" +
                 std::to_string(height) + " are too large for a film");
  return {static_cast<int>(channels), static_cast<int>(height), static_cast<int>(width)};
}

// The places of everything, in pixels.
struct Layout {
  double unit = 1, left = 0, top = 0;
  int scale = 1, count = 1;  // page pixels per pixel of a picture; pictures per frame
  double pitch = 0;          // from one frame to the next
  int width = 0, height = 0;
};

Layout lay_out(const PlotOptions& options, const Film& film, const Pictures& pictures,
               const FigureSpec& spec) {
  Layout l;
  const int frames = static_cast<int>(film.frames.size());
  if (options.width > 0 || options.height > 0) {
    const double across = options.width > 0 ? options.width / 1000.0 : 1e9;
    const double down = options.height > 0 ? options.height / (70.0 * frames) : 1e9;
    l.unit = readable_unit(std::min(across, down), options.format, options.paper);
  }
  const double u = l.unit;
  for (const std::string& text : spec.titles)
    l.left = std::max(l.left, text_width(text, text_size * u));
  l.left = std::min(l.left, longest_title * u);
  l.left = std::ceil(l.left + (padding + text_gap) * u);
  l.top = std::ceil((padding + (spec.heading.empty() ? 0 : heading_size + text_gap)) * u);
  const int beside = static_cast<int>(l.left + padding * u);
  const int above = static_cast<int>(l.top + padding * u);
  const double longer = std::max(pictures.width, pictures.height);
  l.scale = std::max(1, static_cast<int>(std::lround(usual_picture * u / longer)));
  if (options.height > 0)
    l.scale = ((options.height - above + frame_gap) / frames - frame_gap) / pictures.height;
  l.pitch = pictures.height * l.scale + frame_gap;
  if (options.height > 0)
    l.pitch = std::max(l.pitch, static_cast<double>(options.height - above + frame_gap) / frames);
  const int room = (options.width > 0 ? options.width - beside : usual_width) + picture_gap;
  const int fit = l.scale < 1 ? 0 : room / (pictures.width * l.scale + picture_gap);
  const int most = options.width > 0 ? largest_picture : max_pictures;
  l.count = static_cast<int>(
      std::min(film.frame_shape[0], static_cast<std::size_t>(std::clamp(fit, 0, most))));
  if (options.width == 0) l.count = std::max(l.count, 1);
  if (l.scale < 1 || l.count < 1)
    fail_usage("the picture is too small for " + std::to_string(frames) +
               " frames of pictures of " + std::to_string(pictures.width) + "x" +
               std::to_string(pictures.height) + "; give a larger " + setting("size"));
  l.width = options.width > 0
                ? options.width
                : beside + l.count * (pictures.width * l.scale + picture_gap) - picture_gap;
  l.height = options.height > 0
                 ? options.height
                 : above + frames * (pictures.height * l.scale + frame_gap) - frame_gap;
  if (l.width > largest_picture || l.height > largest_picture)
    fail_usage("a film of " + std::to_string(frames) + " frames would be " +
               std::to_string(l.width) + "x" + std::to_string(l.height) + "; give " +
               setting("size"));
  return l;
}

// Draws a picture into a larger one, with its upper left corner there.
void set_picture(Raster* target, const double* values, const Pictures& pictures,
                 std::pair<double, double> range, int left, int top, int scale) {
  const auto [black, white_level] = range;
  const double length = white_level > black ? white_level - black : 1;
  const int area = pictures.height * pictures.width;
  for (int y = 0; y < pictures.height * scale; ++y)
    for (int x = 0; x < pictures.width * scale; ++x) {
      float levels[3];
      for (int c = 0; c < 3; ++c) {
        const double value = values[std::min(c, pictures.channels - 1) * area +
                                    y / scale * pictures.width + x / scale];
        levels[c] = static_cast<float>(std::clamp((value - black) / length, 0.0, 1.0));
      }
      target->set(left + x, top + y, {levels[0], levels[1], levels[2]});
    }
}

// Black and white are the 1% and the 99% quantile of the last frame: early frames are noise, and a
// few outliers would reduce the contrast of the rest.
std::pair<double, double> range_of(const Film& film) {
  std::vector<double> last = film.frames.back();
  std::sort(last.begin(), last.end());
  const std::size_t tail = last.size() / 100;
  return picture_range(film.type, {last[tail], last[last.size() - 1 - tail]});
}

void draw_line(Canvas* canvas, const std::string& text, double capitals, Point anchor,
               double room) {
  draw_text(canvas, text, anchor, {capitals, Align::centre, false, room});
}

// Tiles of one frame, below its heading and its step.
struct Tiles {
  double unit = 1;
  int scale = 1, columns = 1, lines = 1;
  int above = 0, width = 0, height = 0;
};

Tiles tiles_of(const PlotOptions& options, const Film& film, const Pictures& pictures) {
  Tiles t;
  const std::size_t count = std::min(film.frame_shape[0], max_tiles);
  t.columns = static_cast<int>(std::ceil(std::sqrt(static_cast<double>(count))));
  t.lines = (static_cast<int>(count) + t.columns - 1) / t.columns;
  const int gaps_across = (t.columns - 1) * picture_gap, gaps_down = (t.lines - 1) * picture_gap;
  const double texts =
      padding + text_size + text_gap + (options.titles.empty() ? 0 : heading_size + text_gap);
  const double side = std::max(options.width, options.height);
  if (side > 0) t.unit = readable_unit(side / 480, options.format, options.paper);
  t.above = static_cast<int>(std::ceil(texts * t.unit));
  const int margin = static_cast<int>(std::ceil(padding * t.unit));
  const double longer = std::max(pictures.width * t.columns, pictures.height * t.lines);
  t.scale = std::max(1, static_cast<int>(std::lround(usual_side * t.unit / longer)));
  if (options.width > 0)
    t.scale = (options.width - 2 * margin - gaps_across) / (pictures.width * t.columns);
  if (options.height > 0) {
    const int fit = (options.height - t.above - margin - gaps_down) / (pictures.height * t.lines);
    t.scale = options.width > 0 ? std::min(t.scale, fit) : fit;
  }
  if (t.scale < 1)
    fail_usage("a frame of " + std::to_string(count) + " pictures does not fit; give a larger " +
               setting("size"));
  t.width =
      std::max(options.width, 2 * margin + pictures.width * t.scale * t.columns + gaps_across);
  t.height =
      std::max(options.height, t.above + margin + pictures.height * t.scale * t.lines + gaps_down);
  if (t.width > largest_picture || t.height > largest_picture)
    fail_usage("a frame would be " + std::to_string(t.width) + "x" + std::to_string(t.height) +
               "; give " + setting("size"));
  return t;
}

}  // namespace

std::vector<std::byte> draw_picture_film(const PlotOptions& options, const Film& film) {
  const Pictures pictures = pictures_of(film);
  FigureSpec spec;
  set_titles_and_page(options, captions(film), &spec);
  if (spec.titles.empty()) spec.titles = captions(film);  // one frame alone
  const Layout l = lay_out(options, film, pictures, spec);
  const auto range = range_of(film);
  Canvas canvas(l.width, l.height, spec.format, spec.paper);
  const double size = text_size * l.unit;
  const std::size_t area = product(film.frame_shape) / film.frame_shape[0];
  const int pitch = pictures.width * l.scale + picture_gap;  // from one picture to the next
  for (std::size_t i = 0; i < film.frames.size(); ++i) {
    const double top = std::floor(l.top + static_cast<double>(i) * l.pitch);
    const double middle = top + pictures.height * l.scale / 2.0;
    draw_text(&canvas, spec.titles[i], {l.left - text_gap * l.unit, middle + size / 2},
              {size, Align::right, false, longest_title * l.unit});
    Raster line(l.count * pitch - picture_gap, pictures.height * l.scale);
    for (int k = 0; k < l.count; ++k)
      set_picture(&line, film.frames[i].data() + static_cast<std::size_t>(k) * area, pictures,
                  range, k * pitch, 0, l.scale);
    canvas.image({l.left, top, l.left + line.width(), top + line.height()}, line);
  }
  if (!spec.heading.empty())
    draw_line(&canvas, spec.heading, heading_size * l.unit,
              {l.width / 2.0, (padding + heading_size) * l.unit}, l.width - 2 * padding * l.unit);
  return canvas.bytes();
}

void animate_picture_film(const PlotOptions& options, const Film& film, const ShowFrame& show) {
  const Pictures pictures = pictures_of(film);
  const Tiles t = tiles_of(options, film, pictures);
  const auto range = range_of(film);
  const std::size_t area = product(film.frame_shape) / film.frame_shape[0];
  const std::size_t count = std::min(film.frame_shape[0], max_tiles);
  const int across = pictures.width * t.scale + picture_gap;
  const int down = pictures.height * t.scale + picture_gap;
  const double u = t.unit, room = t.width - 2 * padding * u;
  const std::vector<std::string> names = captions(film);
  for (std::size_t i = 0; i < film.frames.size(); ++i) {
    Canvas canvas(t.width, t.height, PictureFormat::png);
    double base = padding * u;
    if (!options.titles.empty()) {
      draw_line(&canvas, options.titles[0], heading_size * u,
                {t.width / 2.0, base + heading_size * u}, room);
      base += (heading_size + text_gap) * u;
    }
    draw_line(&canvas, names[i], text_size * u, {t.width / 2.0, base + text_size * u}, room);
    Raster tiles(t.columns * across - picture_gap, t.lines * down - picture_gap);
    for (std::size_t k = 0; k < count; ++k)
      set_picture(&tiles, film.frames[i].data() + k * area, pictures, range,
                  static_cast<int>(k) % t.columns * across, static_cast<int>(k) / t.columns * down,
                  t.scale);
    const double left = std::floor((t.width - tiles.width()) / 2.0), top = t.above;
    canvas.image({left, top, left + tiles.width(), top + tiles.height()}, tiles);
    show(canvas.raster());
  }
}

}  // namespace pushforward
