// Pictures of rows, models and training runs.
#include "cli/program.hpp"
#include "plot/animation.hpp"
#include "plot/plot_file.hpp"
#include "plot/plot_text.hpp"

using namespace pushforward;

namespace {

struct Options {
  CommonOptions common;
  ComputeOptions compute;
  PlotOptions plot;
  PlotFile file;
  PageRequest page;
  std::string range, columns, frames;
};

// The formats of pictures, by the suffix of the output. Without a suffix it is the first.
struct PlotFormat {
  const char* suffix;
  FileFormat file;
  PictureFormat picture;
  Motion motion = Motion::still;
};
constexpr PlotFormat plot_formats[] = {
    {"png", FileFormat::png, PictureFormat::png},
    {"svg", FileFormat::svg, PictureFormat::svg},
    {"pdf", FileFormat::pdf, PictureFormat::pdf},
    {"gif", FileFormat::gif, PictureFormat::png, Motion::gif},
    {"apng", FileFormat::apng, PictureFormat::png, Motion::apng}};

FileFormats file_formats() {
  FileFormats formats;
  for (const PlotFormat& format : plot_formats) formats.push_back(format.file);
  return formats;
}

const PlotFormat& format_of(const std::string& output) {
  const std::string suffix = suffix_of(output);
  for (const PlotFormat& format : plot_formats)
    if (suffix == format.suffix) return format;
  return plot_formats[0];
}

void declare_picture(CommandLine& line, Options* options) {
  PlotOptions& plot = options->plot;
  line.group("Picture");
  line.choice("kind", &plot.kind, plot_kind_names(),
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
  line.flag("overlay", &plot.overlay,
            "draw rows over the models, or all INPUTs into one panel with a legend (scatter, hist, "
            "curve)");
  line.texts("legend", &plot.legend, "TEXT",
             "the name of a set in the legend; once for each, in their order (names of files)");
}

void declare_rows(CommandLine& line, Options* options) {
  PlotOptions& plot = options->plot;
  line.group("Rows");
  line.text("x-column", &plot.columns.x, "NAME|N",
            "the column on the x axis, or the one that hist, trace and rhat draw: its name, or its "
            "number from 0");
  line.text("y-column", &plot.columns.y, "NAME|N", "the column on the y axis");
  line.flag("label", &plot.columns.label, "colour points by /label, with a legend");
  line.text("columns", &options->columns, "A,B,...",
            "pairs: the columns to draw, names or numbers; curve or scatter of a table of text "
            "(TSV, CSV): X,Y or X,Y,NAME, its columns for the two axes and for the curves' names");
  line.text("frames", &options->frames, "N|A:B:K|all",
            "film: N frames, evenly chosen; or frames A to B-1, every K-th (12 side by side, "
            "all where they move)");
  line.group("Models");
  line.input_files("model,m", &plot.models, "MODEL",
                   "a model of two numbers a row, which may be repeated; pairs: one of any number");
  line.number("sigma", &plot.sigma, Range::at_least(0),
              "noise level of density and score (0: none; a score model: a tenth of the data's "
              "deviation)");
  line.integer("model-label", &plot.model_label, {0, 65535},
               "class to draw, of flows and score models trained with --label");
}

void declare_output(CommandLine& line, Options* options) {
  line.group("Computation and output");
  options->file.name = "-";
  line.output_file("output,o", &options->file.name,
                   "where the picture goes: PNG, SVG or PDF by the suffix, GIF or APNG for a film "
                   "that moves, 'a-%04d.png' for a PNG of each frame; - is standard output, as PNG",
                   file_formats);
  line.text("size", &options->page.size, "WxH[cm]",
            "width and height in pixels, such as 800x600, or on paper, such as 16x10cm");
  line.integer("width", &options->page.width, {0, largest_picture},
               "width in pixels (0: as the panels need)");
  line.integer("height", &options->page.height, {0, largest_picture},
               "height in pixels (0: as the panels need)");
  line.number("dpi", &options->page.dpi, {0, 2400},
              "pixels per inch of a --size in cm (0: 300); of the images in SVG and PDF (0: 192)");
  line.number("fps", &options->file.frames_a_second, {0, most_frames_a_second},
              "frames a second of GIF and APNG (0: 10)");
  add_threads(line, &options->compute);
  add_common(line, &options->common);
  line.complete([options] {
    PlotOptions& plot = options->plot;
    if (plot.inputs.empty() && plot.models.empty()) plot.inputs = {"-"};
  });
}

int body(int argc, char** argv) {
  CommandLine line(
      "tensor-plot", "[OPTIONS] [INPUT...]",
      "Draws rows, pairs of columns, densities, scores, training curves, films and chains, "
      "for the screen and for papers.",
      "tensor-plot data.h5 samples.h5 -m flow.h5 -o compare.pdf");
  Options options;
  PlotOptions& plot = options.plot;
  line.input_operands(&plot.inputs, 0, 16, {"INPUT"});
  declare_picture(line, &options);
  declare_rows(line, &options);
  declare_output(line, &options);
  if (!line.parse(argc, argv)) return 0;
  const PlotFormat& format = format_of(options.file.name);
  plot.format = format.picture;
  options.file.motion = format.motion;
  plot.threads = options.compute.thread_count();
  const PageSize page = page_size(options.page, plot.format);
  plot.width = page.width;
  plot.height = page.height;
  plot.paper = page.paper;
  if (line.given("range")) {
    const Ranges ranges = parse_ranges(options.range);
    plot.x = ranges.x;
    plot.y = ranges.y;
  }
  if (line.given("columns")) plot.column_list = parse_columns(options.columns);
  if (line.given("frames")) plot.frames = parse_frames(options.frames);
  write_plot(plot, options.file);
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  return run_program("tensor-plot", [&] { return body(argc, argv); });
}
