// From files to a picture: the work of tensor-plot.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "plot/figure.hpp"
#include "plot/plane_rows.hpp"

namespace pushforward {

[[nodiscard]] const std::vector<std::string>& plot_kinds();

// More rows than these are drawn as a histogram, because points would hide each other.
constexpr std::size_t crowded_rows = 20000;

struct PlotOptions {
  std::string kind;                         // one of plot_kinds(), or empty: chosen by the files
  std::vector<std::string> inputs, models;  // locations; each becomes a panel, inputs first
  PictureFormat format = PictureFormat::png;
  int width = 0, height = 0;        // in pixels; 0: chosen for the panels
  std::optional<Interval> x, y;     // ranges; if empty, found from the files
  std::vector<std::string> titles;  // none, one heading, or one per panel
  bool log = false;                 // a logarithmic scale of the colours, or of the y axis
  bool log_x = false;               // the x axis of tables
  // For curves of tables: the names of the columns of x, of y and, optionally, of the curves'
  // names.
  std::vector<std::string> table_columns;
  bool overlay = false;  // draws rows over the models instead of in panels of their own
  PlaneColumns columns;
  double sigma = 0;      // noise level of models; 0: see PlaneModel::set_sigma
  int model_label = -1;  // of conditional flows; -1: none
  int threads = 1;
};

// The bytes of the picture's file, which depend on the files, the options and the fonts alone.
// Error(usage) for options that do not go together. Error(invalid), naming the file, if it lacks
// what the picture needs.
[[nodiscard]] std::vector<std::byte> draw_plot(const PlotOptions& options);

// The parts of draw_plot: panels that share a plane of data, and those of lines, tables, films and
// chains. `kind` is not empty. The containers are those of options.inputs.
[[nodiscard]] std::vector<std::byte> draw_plane(const PlotOptions& options, const std::string& kind,
                                                std::vector<ContainerReader> containers);
[[nodiscard]] std::vector<std::byte> draw_curves(const PlotOptions& options,
                                                 std::vector<ContainerReader> containers);
[[nodiscard]] std::vector<std::byte> draw_tables(const PlotOptions& options);
[[nodiscard]] std::vector<std::byte> draw_histograms(const PlotOptions& options,
                                                     std::vector<ContainerReader> containers);
[[nodiscard]] std::vector<std::byte> draw_film(const PlotOptions& options,
                                               std::vector<ContainerReader> containers);
[[nodiscard]] std::vector<std::byte> draw_trajectories(const PlotOptions& options,
                                                       std::vector<ContainerReader> containers);
[[nodiscard]] std::vector<std::byte> draw_traces(const PlotOptions& options,
                                                 std::vector<ContainerReader> containers);
[[nodiscard]] std::vector<std::byte> draw_rhat(const PlotOptions& options,
                                               std::vector<ContainerReader> containers);

// Sets the format and the size of a figure with one panel per name, and its titles: those of the
// options or, if there are several panels, the names. Error(usage) for a wrong number of titles.
void set_titles_and_page(const PlotOptions& options, const std::vector<std::string>& names,
                         FigureSpec* spec);

// Makes a scale logarithmic or not, and sets its range if one was asked for. Error(usage) if a
// logarithmic scale does not begin above 0.
void choose_range(const std::optional<Interval>& asked, bool log, Scale* scale);

// A scale of colours from 0 to the largest value; a logarithmic one from the smallest positive
// value, over at most five decades. Error(invalid), beginning with `whose`, if no value is
// positive.
[[nodiscard]] Scale colour_scale(const std::vector<const ScalarField*>& fields, bool log,
                                 const std::string& whose);

}  // namespace pushforward
