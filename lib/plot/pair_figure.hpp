// The panels of a pair plot: one for each pair of columns, whose axes are shared along lines and
// columns of panels.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "plot/axes.hpp"
#include "plot/legend.hpp"

namespace pushforward {

struct PairSpec {
  PictureFormat format = PictureFormat::png;
  int width = 0, height = 0;  // in pixels; 0: chosen for the panels
  PaperSize paper;
  std::string heading;
  std::vector<std::string> names;   // of the columns
  std::vector<Interval> intervals;  // of the columns
  std::vector<LegendEntry> legend;
  bool upper = false;  // there are panels above the diagonal too
};

class PairFigure {
 public:
  // Error(usage) if the panels do not fit into the given size.
  explicit PairFigure(PairSpec spec);

  [[nodiscard]] Canvas& canvas() { return *canvas_; }
  // The panel of column `up` against column `across`: line `up` of the panels, counted from the
  // top. On the diagonal, where they are equal, y goes from 0 to 1.
  [[nodiscard]] Frame frame(std::size_t up, std::size_t across) const;
  // The same, and confines what is drawn from now on to it.
  Frame enter(std::size_t up, std::size_t across);
  // Draws axes, names and legend around the panels; returns the bytes of the file.
  [[nodiscard]] std::vector<std::byte> finish();

 private:
  void lay_out();
  [[nodiscard]] double labels_width() const;
  // The room for a legend without panels above the diagonal; none if it does not fit there.
  [[nodiscard]] std::optional<Box> corner() const;
  void draw_axes(std::size_t up, std::size_t across);
  void draw_names();

  PairSpec spec_;
  std::size_t count_;
  double unit_ = 1, panel_width_ = 0, panel_height_ = 0;
  double left_ = 0, top_ = 0;
  std::optional<Canvas> canvas_;
};

}  // namespace pushforward
