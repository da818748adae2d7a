// Pictures of rows, models and training runs.
#include <algorithm>
#include <sstream>

#include "base/error.hpp"
#include "cli/parse_number.hpp"
#include "cli/program.hpp"
#include "io/atomic_file.hpp"
#include "plot/plot.hpp"

using namespace pushforward;

namespace {

struct Options {
  CommonOptions common;
  ComputeOptions compute;
  PlotOptions plot;
  std::string output, size, range, table_columns;
  std::int64_t width = 0, height = 0, x_column = 0, y_column = 1;
};

// The formats of pictures, by the suffix of the output. Without a suffix it is the first.
struct PlotFormat {
  const char* suffix;
  FileFormat file;
  PictureFormat picture;
};
constexpr PlotFormat plot_formats[] = {{"png", FileFormat::png, PictureFormat::png},
                                       {"svg", FileFormat::svg, PictureFormat::svg},
                                       {"pdf", FileFormat::pdf, PictureFormat::pdf}};

FileFormats file_formats() {
  FileFormats formats;
  for (const PlotFormat& format : plot_formats) formats.push_back(format.file);
  return formats;
}

PictureFormat format_of(const std::string& output) {
  const std::string suffix = suffix_of(output);
  for (const PlotFormat& format : plot_formats)
    if (suffix == format.suffix) return format.picture;
  return plot_formats[0].picture;
}

// "A:B" with A < B, part of an option's value.
Interval interval_of(const std::string& text, const std::string& option) {
  const std::size_t colon = text.find(':');
  if (colon == std::string::npos)
    fail_usage("option " + option + ": \"" + text + "\" is not LOW:HIGH");
  const Range any{-1e100, 1e100};
  Interval interval;
  try {
    interval = {parse_number(text.substr(0, colon), any),
                parse_number(text.substr(colon + 1), any)};
  } catch (const Error& error) {
    fail_usage("option " + option + ": " + error.what());
  }
  if (!(interval.low < interval.high) ||
      interval.length() < std::max(1e-9 * std::max(std::abs(interval.low), std::abs(interval.high)),
                                   shortest_interval))
    fail_usage("option " + option + ": in \"" + text +
               "\" the first number is not, or hardly, below the second");
  return interval;
}

void read_range(const std::string& text, PlotOptions* plot) {
  const std::size_t comma = text.find(',');
  plot->x = interval_of(text.substr(0, comma), "--range");
  if (comma != std::string::npos) plot->y = interval_of(text.substr(comma + 1), "--range");
}

void read_size(const std::string& text, Options* options) {
  const std::size_t x = text.find('x');
  if (x == std::string::npos)
    fail_usage("option --size: \"" + text + "\" is not WxH, such as 800x600");
  const Range pixels{smallest_picture, largest_picture};
  try {
    options->width = parse_integer(text.substr(0, x), pixels);
    options->height = parse_integer(text.substr(x + 1), pixels);
  } catch (const Error& error) {
    fail_usage(std::string("option --size: ") + error.what());
  }
}

// The names between commas: X,Y or X,Y,NAME.
void read_columns(const std::string& text, PlotOptions* plot) {
  std::istringstream names(text);
  for (std::string name; std::getline(names, name, ',');) plot->table_columns.push_back(name);
  const std::size_t count = plot->table_columns.size();
  if (count < 2 || count > 3 || text.back() == ',')
    fail_usage("option --columns: \"" + text + "\" is not X,Y or X,Y,NAME, columns of a table");
}

void declare(CommandLine& line, Options* options) {
  PlotOptions& plot = options->plot;
  line.input_operands(&plot.inputs, 0, 16, {"INPUT"});
  line.group("Picture");
  line.choice("kind", &plot.kind, plot_kinds(),
              "what to draw; otherwise density for a model given with -m (score for a "
              "score model), curve for a model given as INPUT, film for a trajectory, scatter for "
              "rows, hist2d for more than 20000 of them, hist for rows of one number");
  line.text("range", &options->range, "X0:X1,Y0:Y1",
            "what the axes show (found from rows or models)");
  line.flag("log", &plot.log,
            "colours, or the y axis of curve, hist and rhat, on a logarithmic scale");
  line.flag("log-x", &plot.log_x, "the x axis of a table on a logarithmic scale");
  line.texts("title", &plot.titles, "TEXT",
             "a heading; or as often as there are panels, their titles");
  line.group("Rows");
  line.integer("x-column", &options->x_column, {0, 1e9},
               "the number of a row on the x axis, or the one that trace and rhat draw, from 0");
  line.integer("y-column", &options->y_column, {0, 1e9}, "the number of a row on the y axis");
  line.flag("label", &plot.columns.label, "colour points by /label");
  line.text("columns", &options->table_columns, "X,Y[,NAME]",
            "curve or scatter of a table of text (TSV, CSV): its columns for the two axes, and "
            "the one that names curves to tell apart");
  line.group("Models");
  line.input_files("model,m", &plot.models, "MODEL",
                   "a model of two numbers a row; may be repeated");
  line.number("sigma", &plot.sigma, Range::at_least(0),
              "noise level of density and score (0: none; a score model: a tenth of the data's "
              "deviation)");
  line.integer("model-label", &plot.model_label, {0, 65535},
               "class to draw, of flows and score models trained with --label");
  line.flag("overlay", &plot.overlay, "draw rows over the models instead of beside them");
  line.group("Computation and output");
  options->output = "-";
  line.output_file("output,o", &options->output,
                   "where the picture goes: PNG, SVG or PDF by the suffix; - is standard output, "
                   "as PNG",
                   file_formats);
  line.text("size", &options->size, "WxH", "width and height in pixels, such as 800x600");
  line.integer("width", &options->width, {0, largest_picture},
               "width in pixels (0: as the panels need)");
  line.integer("height", &options->height, {0, largest_picture},
               "height in pixels (0: as the panels need)");
  add_threads(line, &options->compute);
  add_common(line, &options->common);
  line.complete([&plot] {
    if (plot.inputs.empty() && plot.models.empty()) plot.inputs = {"-"};
  });
}

int body(int argc, char** argv) {
  CommandLine line("tensor-plot", "[OPTIONS] [INPUT...]",
                   "Draws rows, a model's density or score over the plane, training curves, films, "
                   "trajectories or chains as PNG, SVG or PDF.",
                   "tensor-plot data.h5 samples.h5 -m flow.h5 -o compare.pdf");
  Options options;
  PlotOptions& plot = options.plot;
  declare(line, &options);
  if (!line.parse(argc, argv)) return 0;
  if (line.given("size") && (line.given("width") || line.given("height")))
    fail_usage("option --size gives width and height; --width and --height are for one alone");
  if (line.given("size")) read_size(options.size, &options);
  for (const std::int64_t pixels : {options.width, options.height})
    if (pixels > 0 && pixels < smallest_picture)
      fail_usage("a picture of " + std::to_string(pixels) + " pixels is too small; give at least " +
                 std::to_string(smallest_picture));
  if (line.given("range")) read_range(options.range, &plot);
  if (line.given("columns")) read_columns(options.table_columns, &plot);
  plot.width = static_cast<int>(options.width);
  plot.height = static_cast<int>(options.height);
  if (line.given("x-column")) plot.columns.x = static_cast<int>(options.x_column);
  if (line.given("y-column")) plot.columns.y = static_cast<int>(options.y_column);
  plot.threads = options.compute.thread_count();
  plot.format = format_of(options.output);
  const std::vector<std::byte> picture = draw_plot(plot);
  AtomicFile output(options.output);
  output.write(picture.data(), picture.size());
  output.commit();
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  return run_program("tensor-plot", [&] { return body(argc, argv); });
}
