// Writes a tensor container out as text, NPY or pictures, or says what is in it.
#include <algorithm>
#include <cmath>
#include <map>

#include "base/error.hpp"
#include "cli/program.hpp"
#include "io/carried_rows.hpp"
#include "io/export.hpp"
#include "io/numbered_files.hpp"
#include "io/summary.hpp"

using namespace pushforward;

namespace {

struct Options {
  CommonOptions common;
  ComputeOptions compute;
  std::vector<std::string> input = {"-"};
  std::string format, output = "-", rows, sort;
  std::vector<std::string> columns;
  std::vector<double> range;
  std::int64_t grid = 0, scale = 1;
  bool descending = false, summary = false, json = false;
};

const std::vector<std::string> formats = {"csv", "tsv", "npy", "png"};
const std::map<std::string, FileFormat> file_formats = {{"csv", FileFormat::csv},
                                                        {"tsv", FileFormat::table},
                                                        {"npy", FileFormat::npy},
                                                        {"png", FileFormat::png}};

// The format given, or that of the output's suffix, or CSV for standard output.
std::string chosen_format(const Options& options) {
  if (!options.format.empty()) return options.format;
  if (options.output == "-") return "csv";
  const std::string suffix = suffix_of(options.output);
  if (std::find(formats.begin(), formats.end(), suffix) == formats.end())
    fail_usage(options.output + ": the suffix names no format, give --format csv, tsv, npy or png");
  return suffix;
}

// The minimum or maximum of a dataset; 64-bit integers are exact.
std::string extreme_text(long double value, ElementType type) {
  if (type == ElementType::float32 || type == ElementType::float64 || std::isnan(value))
    return number_text(static_cast<double>(value));
  return value < 0 ? std::to_string(static_cast<std::int64_t>(value))
                   : std::to_string(static_cast<std::uint64_t>(value));
}

void print_summary(const ContainerReader& reader, bool json) {
  Report report({"name", "shape", "type", "min", "mean", "max", "std", "nonfinite"});
  std::vector<DatasetInfo> datasets = reader.datasets("/", true);
  if (reader.location().dataset_named) datasets = {reader.info(reader.main_dataset())};
  for (const DatasetInfo& dataset : datasets) {
    const Summary numbers = summarize(reader, dataset);
    report.row({dataset.path, to_string(dataset.shape), element_type_name(dataset.type),
                extreme_text(numbers.min, dataset.type), number_text(numbers.mean),
                extreme_text(numbers.max, dataset.type), number_text(numbers.deviation),
                std::to_string(numbers.nonfinite)});
  }
  if (!reader.location().dataset_named)
    for (const OtherInfo& other : reader.other_datasets())
      report.row({other.path, to_string(other.shape), other.type, "", "", "", "", ""});
  print_report(report, json);
}

// The names given as "x,label", or one at a time.
std::vector<std::string> names(const std::vector<std::string>& given) {
  std::vector<std::string> result;
  for (const std::string& text : given)
    for (std::size_t at = 0; at <= text.size();) {
      const std::size_t end = std::min(text.find(',', at), text.size());
      if (end == at) fail_usage("option --columns: \"" + text + "\" has an empty name");
      result.push_back(text.substr(at, end - at));
      at = end + 1;
    }
  return result;
}

int body(int argc, char** argv) {
  Options options;
  CommandLine line("tensor-export", "[OPTIONS] [INPUT]",
                   "Writes a tensor container out as CSV, TSV, NPY or a PNG of tiles.",
                   "tensor-export samples.h5 -o samples.csv");
  line.group("Output");
  line.choice("format", &options.format, formats,
              "what to write; the suffix of --output decides otherwise, or csv");
  line.output_file(
      "output,o", &options.output,
      "where the result goes (- is standard output); 'a-%04d.png' is a PNG of each row",
      [&] { return FileFormats{file_formats.at(chosen_format(options))}; });
  line.text("rows", &options.rows, "A:B",
            "write rows A to B-1, counted from 0; with --sort in the sorted order");
  line.text("sort", &options.sort, "KEY",
            "write the rows by /DATASET, one number per row, or by a column of that name");
  line.flag("descending", &options.descending, "--sort: the largest first");
  line.texts("columns", &options.columns, "NAMES",
             "datasets to write as text, separated by commas (all that belong to the rows)");
  line.integer("grid", &options.grid, {0, 10000}, "tiles side by side in a PNG (0: a square)");
  line.integer("scale", &options.scale, {1, 100},
               "draw a pixel of a PNG as a square of so many pixels a side");
  line.numbers("range", &options.range, Range(), "LOW,HIGH",
               "values that are black and white in a PNG (guessed from all numbers)");
  line.group("Summary");
  line.flag("summary", &options.summary, "print statistics of every dataset instead");
  add_json(line, &options.json);
  line.group("Computation");
  add_one_thread(line, &options.compute);
  add_common(line, &options.common);
  line.input_operands(&options.input, 0, 1, {"INPUT"});
  line.exclude("summary",
               {"output", "format", "rows", "sort", "columns", "grid", "scale", "range"});
  line.complete([&] {
    if (options.summary) options.output.clear();
  });
  if (!line.parse(argc, argv)) return 0;
  if (options.json && !options.summary) fail_usage("option --json is for --summary");
  if (!options.range.empty() &&
      (options.range.size() != 2 || !(options.range[0] < options.range[1])))
    fail_usage("option --range: two numbers LOW,HIGH with LOW below HIGH are wanted");
  const std::string format = options.summary ? "" : chosen_format(options);
  for (const char* option : {"grid", "scale", "range"})
    if (line.given(option) && format != "png")
      fail_usage(std::string("option --") + option + " is for --format png");
  if (line.given("columns") && format != "csv" && format != "tsv")
    fail_usage("option --columns is for --format csv or tsv");
  if (NumberedFiles::is_pattern(options.output) && format != "png" && !options.summary)
    fail_usage(options.output + ": a file for each row is a PNG; name it .png");
  if (line.given("sort") && (format == "png" || options.sort.empty()))
    fail_usage(options.sort.empty() ? "option --sort: is empty, a dataset or column is wanted"
                                    : "option --sort is for --format csv, tsv or npy");
  if (options.descending && options.sort.empty()) fail_usage("--descending needs --sort KEY");
  RowSelection rows;
  if (!options.rows.empty()) rows.range = RowRange::parse(options.rows);
  rows.sort_by = options.sort;
  if (options.descending) rows.direction = Direction::descending;
  const std::vector<std::string> columns = names(options.columns);

  const ContainerReader reader(options.input[0]);
  if (options.summary) {
    print_summary(reader, options.json);
  } else if (format == "npy") {
    export_npy(reader, rows, options.output);
  } else if (format == "png") {
    GridOptions grid;
    grid.columns = static_cast<std::size_t>(options.grid);
    grid.scale = static_cast<std::size_t>(options.scale);
    if (!options.range.empty()) grid.range = {options.range[0], options.range[1]};
    export_png(reader, rows.range, grid, options.output);
  } else {
    export_text(reader, columns, rows, format == "csv" ? ',' : '\t', options.output);
    if (columns.empty())
      warn_left_behind(reader, carried_datasets(reader), ContainerReader::Behind::of_rows);
  }
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  return run_program("tensor-export", [&] { return body(argc, argv); });
}
