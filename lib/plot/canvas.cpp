#include "plot/canvas.hpp"

#include <cairo-pdf.h>
#include <cairo-svg.h>
#include <cairo.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <new>
#include <string>
#include <utility>

#include "base/error.hpp"
#include "base/short_number.hpp"
#include "plot/png_chunks.hpp"

namespace pushforward {
namespace {

constexpr double points_a_pixel = 0.75;  // PDF has 72 points per inch, and pixels are 96
constexpr double pixels_a_cm = 96 / 2.54;
constexpr double tolerance = 0.05;  // of a curve, in pixels
constexpr double full_turn = 6.283185307179586;

// Called by Cairo with a piece of the file.
cairo_status_t append(void* target, const unsigned char* bytes, unsigned count) {
  auto* all = static_cast<std::vector<std::byte>*>(target);
  const auto* first = reinterpret_cast<const std::byte*>(bytes);
  try {
    all->insert(all->end(), first, first + count);
  } catch (const std::bad_alloc&) {
    return CAIRO_STATUS_NO_MEMORY;
  }
  return CAIRO_STATUS_SUCCESS;
}

void require(cairo_status_t status) {
  if (status == CAIRO_STATUS_SUCCESS) return;
  if (status == CAIRO_STATUS_NO_MEMORY) throw std::bad_alloc();
  fail_io(std::string("the picture cannot be drawn: ") + cairo_status_to_string(status));
}

// Of SVG and PDF: pixels of 1/96 inch on paper per pixel of the drawing.
Point stretch_of(int width, int height, const PaperSize& paper) {
  if (!(paper.width > 0)) return {1, 1};
  return {pixels_a_cm * paper.width / width, pixels_a_cm * paper.height / height};
}

cairo_surface_t* surface_of(PictureFormat format, int width, int height, Point stretch,
                            std::vector<std::byte>* bytes) {
  const double across = stretch.x * width, down = stretch.y * height;
  switch (format) {
    case PictureFormat::png:
      return cairo_image_surface_create(CAIRO_FORMAT_RGB24, width, height);
    case PictureFormat::svg: {
      cairo_surface_t* surface = cairo_svg_surface_create_for_stream(append, bytes, across, down);
      cairo_svg_surface_set_document_unit(surface, CAIRO_SVG_UNIT_PX);
      return surface;
    }
    case PictureFormat::pdf: {
      cairo_surface_t* surface = cairo_pdf_surface_create_for_stream(
          append, bytes, points_a_pixel * across, points_a_pixel * down);
      cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_CREATE_DATE, "");  // none
      return surface;
    }
  }
  fail_usage("a format of pictures that is not known");
}

// Cairo's coordinates have eight binary digits after the point, too few for drawings in cm. So an
// SVG is drawn in pixels, and its size in cm is put into its first element.
void set_svg_size(const PaperSize& paper, std::vector<std::byte>* svg) {
  const auto* first = reinterpret_cast<const char*>(svg->data());
  std::string text(first, svg->size());
  const std::size_t start = text.find(" width=\""), end = text.find(" viewBox=");
  if (start == std::string::npos || end == std::string::npos || end < start) return;
  text.replace(start, end - start,
               " width=\"" + short_number(paper.width, 6) + "cm\" height=\"" +
                   short_number(paper.height, 6) + "cm\"");
  const auto* changed = reinterpret_cast<const std::byte*>(text.data());
  svg->assign(changed, changed + text.size());
}

void set_colour(cairo_t* cairo, Colour colour, double opacity) {
  cairo_set_source_rgba(cairo, static_cast<double>(colour.red), static_cast<double>(colour.green),
                        static_cast<double>(colour.blue), opacity);
}

Point within(const Box& box, Point p) {
  return {std::clamp(p.x, box.left, box.right), std::clamp(p.y, box.top, box.bottom)};
}

// Cuts the segment to the box in place; false if nothing is left.
bool cut(const Box& box, Point* a, Point* b) {
  double from = 0, to = 1;
  const double dx = b->x - a->x, dy = b->y - a->y;
  const auto side = [&](double rise, double room) {
    if (rise == 0) return room >= 0;
    if (rise > 0)
      to = std::min(to, room / rise);
    else
      from = std::max(from, room / rise);
    return from <= to;
  };
  if (!side(-dx, a->x - box.left) || !side(dx, box.right - a->x) || !side(-dy, a->y - box.top) ||
      !side(dy, box.bottom - a->y))
    return false;
  const Point start = *a;
  if (from > 0) *a = within(box, {start.x + from * dx, start.y + from * dy});
  if (to < 1) *b = within(box, {start.x + to * dx, start.y + to * dy});
  return true;
}

Box grown(const Box& box, double by) {
  return {box.left - by, box.top - by, box.right + by, box.bottom + by};
}

}  // namespace

struct Canvas::Page {
  std::vector<std::byte> bytes;
  cairo_t* cairo = nullptr;

  Page(PictureFormat format, int width, int height, const PaperSize& paper) {
    cairo_surface_t* surface =
        surface_of(format, width, height, stretch_of(width, height, paper), &bytes);
    cairo = cairo_create(surface);
    cairo_surface_destroy(surface);  // the context keeps it
  }
  Page(const Page&) = delete;
  Page& operator=(const Page&) = delete;
  ~Page() { cairo_destroy(cairo); }
};

Canvas::Canvas(Canvas&&) noexcept = default;
Canvas::~Canvas() = default;

Canvas::Canvas(int width, int height, PictureFormat format, const PaperSize& paper)
    : width_(width),
      height_(height),
      format_(format),
      paper_(paper),
      page_(std::make_unique<Page>(format, width, height, paper)) {
  require(cairo_status(cairo()));
  if (format != PictureFormat::png) {
    const Point stretch = stretch_of(width, height, paper);
    const double unit = format == PictureFormat::pdf ? points_a_pixel : 1;
    cairo_scale(cairo(), unit * stretch.x, unit * stretch.y);
  }
  cairo_set_tolerance(cairo(), tolerance);
  cairo_set_line_cap(cairo(), CAIRO_LINE_CAP_ROUND);
  cairo_set_line_join(cairo(), CAIRO_LINE_JOIN_ROUND);
  clip_nothing();
  rectangle(clip_, white);
}

int Canvas::resolution() const {
  if (format_ == PictureFormat::png) return 1;
  constexpr int usual = 2, most_pixels = 8192;
  const int asked = paper_.dpi > 0 ? static_cast<int>(std::lround(paper_.dpi / 96)) : usual;
  return std::clamp(asked, 1, std::max(1, most_pixels / std::max(width_, height_)));
}

cairo_t* Canvas::cairo() { return page_->cairo; }

void Canvas::clip(const Box& box) {
  const Box page = {0, 0, static_cast<double>(width_), static_cast<double>(height_)};
  const Point first = within(page, {std::floor(box.left + 0.5), std::floor(box.top + 0.5)});
  const Point last = within(page, {std::floor(box.right + 0.5), std::floor(box.bottom + 0.5)});
  clip_ = {first.x, first.y, last.x, last.y};
  cairo_reset_clip(cairo());
  cairo_rectangle(cairo(), clip_.left, clip_.top, clip_.width(), clip_.height());
  cairo_clip(cairo());
}

void Canvas::clip_nothing() {
  clip_ = {0, 0, static_cast<double>(width_), static_cast<double>(height_)};
  cairo_reset_clip(cairo());
}

void Canvas::rectangle(const Box& box, Colour colour, double opacity) {
  const Box shown = {std::max(box.left, clip_.left), std::max(box.top, clip_.top),
                     std::min(box.right, clip_.right), std::min(box.bottom, clip_.bottom)};
  if (!(shown.width() > 0 && shown.height() > 0)) return;
  cairo_rectangle(cairo(), shown.left, shown.top, shown.width(), shown.height());
  set_colour(cairo(), colour, opacity);
  cairo_fill(cairo());
}

void Canvas::disc(Point centre, double radius, Colour colour, double opacity) {
  const Box reach = grown(clip_, radius + 1);
  if (centre.x < reach.left || centre.x > reach.right || centre.y < reach.top ||
      centre.y > reach.bottom)
    return;
  cairo_new_sub_path(cairo());
  cairo_arc(cairo(), centre.x, centre.y, radius, 0, full_turn);
  cairo_close_path(cairo());
  set_colour(cairo(), colour, opacity);
  cairo_fill(cairo());
}

void Canvas::lines(const std::vector<Polyline>& lines, double width, Colour colour, double opacity,
                   LineStyle style) {
  // Cairo's coordinates are limited. What is cut off is not visible, nor are the cut ends.
  const Box reach = grown(clip_, width + 1);
  for (const Polyline& line : lines) {
    bool joined = false;
    for (std::size_t i = line.size() > 1 ? 1 : 0; i < line.size(); ++i) {
      Point from = line[i == 0 ? 0 : i - 1], to = line[i];
      if (!cut(reach, &from, &to)) {
        joined = false;
        continue;
      }
      if (!joined) cairo_move_to(cairo(), from.x, from.y);
      cairo_line_to(cairo(), to.x, to.y);
      joined = to.x == line[i].x && to.y == line[i].y;
    }
  }
  set_colour(cairo(), colour, opacity);
  cairo_set_line_width(cairo(), width);
  const double dashes[] = {2.2 * width, 2.6 * width};  // round ends make dashes longer
  cairo_set_dash(cairo(), dashes, style == LineStyle::dashed ? 2 : 0, 0);
  cairo_stroke(cairo());
}

void Canvas::polygon(const Polyline& corners, Colour colour, double opacity) {
  for (const Point& corner : corners) cairo_line_to(cairo(), corner.x, corner.y);
  cairo_close_path(cairo());
  set_colour(cairo(), colour, opacity);
  cairo_fill(cairo());
}

void Canvas::image(const Box& box, const Raster& raster) {
  const std::vector<std::uint32_t>& pixels = raster.pixels();
  const bool opaque =
      std::all_of(pixels.begin(), pixels.end(), [](std::uint32_t p) { return p >> 24 == 255; });
  // Cairo only reads the pixels.
  auto* data = reinterpret_cast<unsigned char*>(const_cast<std::uint32_t*>(pixels.data()));
  cairo_surface_t* source = cairo_image_surface_create_for_data(
      data, opaque ? CAIRO_FORMAT_RGB24 : CAIRO_FORMAT_ARGB32, raster.width(), raster.height(),
      static_cast<int>(sizeof(std::uint32_t)) * raster.width());
  cairo_save(cairo());
  cairo_translate(cairo(), box.left, box.top);
  cairo_scale(cairo(), box.width() / raster.width(), box.height() / raster.height());
  cairo_set_source_surface(cairo(), source, 0, 0);
  cairo_pattern_set_filter(cairo_get_source(cairo()), CAIRO_FILTER_NEAREST);
  cairo_paint(cairo());
  cairo_restore(cairo());
  cairo_surface_destroy(source);
}

std::vector<std::byte> Canvas::bytes() {
  cairo_surface_t* surface = cairo_get_target(cairo());
  require(cairo_status(cairo()));
  if (format_ == PictureFormat::png) {
    require(cairo_surface_write_to_png_stream(surface, append, &page_->bytes));
    if (paper_.dpi > 0) page_->bytes = with_resolution(page_->bytes, paper_.dpi);
  }
  cairo_surface_finish(surface);
  require(cairo_surface_status(surface));
  if (format_ == PictureFormat::svg && paper_.width > 0) set_svg_size(paper_, &page_->bytes);
  return std::move(page_->bytes);
}

Raster Canvas::raster() {
  cairo_surface_t* surface = cairo_get_target(cairo());
  require(cairo_status(cairo()));
  cairo_surface_flush(surface);
  const auto stride = static_cast<std::size_t>(cairo_image_surface_get_stride(surface));
  const unsigned char* data = cairo_image_surface_get_data(surface);
  Raster result(width_, height_);
  for (int y = 0; y < height_; ++y) {
    const auto* line =
        reinterpret_cast<const std::uint32_t*>(data + static_cast<std::size_t>(y) * stride);
    for (int x = 0; x < width_; ++x) result.set_pixel(x, y, line[x] | 0xff000000u);
  }
  return result;
}

}  // namespace pushforward
