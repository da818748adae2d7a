// Panels on one page, with axes, titles and a colour bar.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "plot/axes.hpp"
#include "plot/legend.hpp"

namespace pushforward {

struct FigureSpec {
  PictureFormat format = PictureFormat::png;
  int width = 0, height = 0;  // in pixels; 0: chosen for the panels
  PaperSize paper;
  int panels = 1;
  std::vector<std::string> titles;  // one per panel, or none
  std::string heading, x_label, y_label;
  Scale x, y;  // of all panels
  // If not empty, the panels are wide, low and stacked; these are their own y axes.
  std::vector<Interval> stacked_y;
  // Both axes have the same unit: equal differences get equal lengths on the page, unless that
  // wastes too much room.
  bool alike = false;
  bool fixed_x = false, fixed_y = false;  // this interval must not be widened for that
  bool grid = false;                      // faint lines at the labelled ticks
  bool colour_bar = false;
  std::vector<LegendEntry> legend;  // above the panels
};

struct ColourBar {
  Scale scale;
  std::string label;
};

constexpr int smallest_picture = 64, largest_picture = 8192;  // of width and height

class Figure {
 public:
  // Error(usage) if the panels do not fit into the given size.
  explicit Figure(FigureSpec spec);

  [[nodiscard]] Canvas& canvas() { return *canvas_; }
  [[nodiscard]] const Frame& frame(int panel) const {
    return frames_[static_cast<std::size_t>(panel)];
  }
  // Confines what is drawn from now on to a panel.
  void enter(int panel);
  // Draws axes, titles, legend and colour bar around the panels.
  void complete(const std::optional<ColourBar>& bar = {});
  // The same; returns the bytes of the file.
  [[nodiscard]] std::vector<std::byte> finish(const std::optional<ColourBar>& bar = {});

 private:
  void lay_out();
  void draw_grid(const Frame& each);
  void draw_axes(int panel);
  void draw_bar(const ColourBar& bar);
  [[nodiscard]] double y_labels_width() const;
  [[nodiscard]] double panels_width() const;
  void draw_heading();

  FigureSpec spec_;
  int columns_ = 1, rows_ = 1;
  double unit_ = 1, panel_width_ = 0, panel_height_ = 0;
  std::vector<Frame> frames_;
  std::optional<Canvas> canvas_;
};

}  // namespace pushforward
