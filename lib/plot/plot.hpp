// From files to a picture: what tensor-plot does.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "plot/figure.hpp"
#include "plot/plane_rows.hpp"

namespace pushforward {

[[nodiscard]] const std::vector<std::string>& plot_kinds();

// More rows than these lie on top of each other as points; a histogram is drawn instead.
constexpr std::size_t crowded_rows = 20000;

struct PlotOptions {
  std::string kind;                         // one of plot_kinds(), or empty: what suits the files
  std::vector<std::string> inputs, models;  // locations; each becomes a panel, inputs first
  PictureFormat format = PictureFormat::png;
  int width = 0, height = 0;        // 0: as the panels need
  std::optional<Interval> x, y;     // ranges; found from the files otherwise
  std::vector<std::string> titles;  // none, one heading, or one a panel
  bool log = false;                 // colours, or the y axis, on a logarithmic scale
  bool log_x = false;               // the x axis of tables
  // For curves of tables: the names of the columns of x and y, and of the curves' names or none.
  std::vector<std::string> table_columns;
  bool overlay = false;  // rows in the models' panels instead of their own
  PlaneColumns columns;
  double sigma = 0;      // noise level of models; 0: none, or what suits a score model
  int model_label = -1;  // of conditional flows; -1: none
  int threads = 1;
};

// The bytes of a picture's file, a function of the files, the options and the fonts alone.
// Error(usage) for options that do not go together, Error(invalid) naming the file that has not
// what the picture needs.
[[nodiscard]] std::vector<std::byte> draw_plot(const PlotOptions& options);

// The parts of draw_plot: panels that share a plane of data, those of lines, tables, films and
// chains.
// `kind` is not empty, the containers are those of options.inputs.
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

// Gives a figure of as many panels as there are names the format and size asked for, and titles:
// those of the options, or the names where there are several panels. Error(usage) for any other
// number of titles.
void set_titles_and_page(const PlotOptions& options, const std::vector<std::string>& names,
                         FigureSpec* spec);

// Makes a scale logarithmic or not, and gives it the range asked for. Error(usage) for a
// logarithmic one that does not begin above 0.
void choose_range(const std::optional<Interval>& asked, bool log, Scale* scale);

// Colours from 0 to the largest of the values, or, logarithmic, from the smallest positive one but
// at most five decades. Error(invalid) beginning with `whose` if no value is positive.
[[nodiscard]] Scale colour_scale(const std::vector<const Field*>& fields, bool log,
                                 const std::string& whose);

}  // namespace pushforward
