// From files to a picture: the work of tensor-plot.
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "plot/figure.hpp"
#include "plot/film.hpp"
#include "plot/plane_rows.hpp"

namespace pushforward {

// The names of the kinds of picture (plot/kinds.hpp).
[[nodiscard]] std::vector<std::string> plot_kind_names();

// More rows than these are drawn as a histogram, because points would hide each other.
constexpr std::size_t crowded_rows = 20000;

struct PlotOptions {
  std::string kind;                         // one of plot_kind_names(), or empty: by the files
  std::vector<std::string> inputs, models;  // locations; each becomes a panel, inputs first
  PictureFormat format = PictureFormat::png;
  int width = 0, height = 0;  // in pixels; 0: chosen for the panels
  PaperSize paper;
  std::optional<Interval> x, y;     // ranges; if empty, found from the files
  std::vector<std::string> titles;  // none, one heading, or one per panel
  std::vector<std::string> legend;  // names of the sets of one panel; empty: those of the files
  bool log = false;                 // a logarithmic scale of the colours, or of the y axis
  bool log_x = false;               // the x axis of tables
  // Of pairs, the columns to draw; of tables, those of x, of y and, optionally, of the curves'
  // names.
  std::vector<std::string> column_list;
  bool overlay = false;  // draws rows over the models, or all inputs into one panel
  PlaneColumns columns;
  double sigma = 0;      // noise level of models; 0: see PlaneModel::set_sigma
  int model_label = -1;  // of conditional flows; -1: none
  std::optional<FrameChoice> frames;
  int threads = 1;
};

// The bytes of the picture's file, which depend on the files, the options and the fonts alone.
// Error(usage) for options that do not go together. Error(invalid), naming the file, if it lacks
// what the picture needs.
[[nodiscard]] std::vector<std::byte> draw_plot(const PlotOptions& options);

// The pictures of a film one after another, all of one size, for kinds that move. The same errors.
using ShowFrame = std::function<void(const Raster&)>;
void draw_frames(const PlotOptions& options, const ShowFrame& show);

// Sets the format and the size of a figure with one panel per name, and its titles: those of the
// options or, if there are several panels, the names. Error(usage) for a wrong number of titles.
void set_titles_and_page(const PlotOptions& options, const std::vector<std::string>& names,
                         FigureSpec* spec);

// The names of files in titles and legends: without folders, unless two would be the same.
[[nodiscard]] std::vector<std::string> names_of_files(const std::vector<std::string>& files);

// The names of the sets of one panel: those of the options, or of their files. Error(usage) for a
// wrong number of them.
[[nodiscard]] std::vector<std::string> names_of_sets(const PlotOptions& options,
                                                     const std::vector<std::string>& files);

// Makes a scale logarithmic or not, and sets its range if one was asked for. Error(usage) if a
// logarithmic scale does not begin above 0.
void choose_range(const std::optional<Interval>& asked, bool log, Scale* scale);

// A scale of colours from 0 to the largest value; a logarithmic one from the smallest positive
// value, over at most five decades. Error(invalid), beginning with `whose`, if no value is
// positive.
[[nodiscard]] Scale colour_scale(const std::vector<const ScalarField*>& fields, bool log,
                                 const std::string& whose);

}  // namespace pushforward
