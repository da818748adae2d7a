// Makes a tensor container from files of other programs.
#include <cmath>
#include <numeric>
#include <optional>

#include "base/error.hpp"
#include "base/random.hpp"
#include "cli/program.hpp"
#include "eval/principal_components.hpp"
#include "io/checks.hpp"
#include "io/export.hpp"
#include "io/import.hpp"

using namespace pushforward;

namespace {

struct Options {
  CommonOptions common;
  ComputeOptions compute;
  std::vector<std::string> files;
  std::string header = "auto", label_column, size, rows, output = "-", rest;
  bool gray = false, rgb = false, shuffle = false;
  double split = 0;
  std::int64_t pca = 0;  // 0: none
};

// Rows, and the components they were projected on, if they were.
struct Rows {
  Table table;
  std::optional<PrincipalComponents> components;
};

// "WxH".
void parse_size(const std::string& text, ImageOptions* image) {
  int used = 0;
  const bool read =
      std::sscanf(text.c_str(), "%4dx%4d%n", &image->width, &image->height, &used) == 2;
  if (!read || used != static_cast<int>(text.size()) || image->width < 1 || image->height < 1)
    fail_usage("option --size: \"" + text + "\" is not WIDTHxHEIGHT in pixels, such as 28x28");
}

ImportOptions import_options(const Options& options) {
  ImportOptions result;
  result.csv.header = options.header == "yes"  ? Header::yes
                      : options.header == "no" ? Header::no
                                               : Header::automatic;
  result.csv.label_column = options.label_column;
  result.csv.warn = warn;
  result.csv.type =
      options.compute.precision == "float64" ? ElementType::float64 : ElementType::float32;
  if (!options.size.empty()) parse_size(options.size, &result.image);
  if (options.gray && options.rgb) fail_usage("options --gray and --rgb exclude each other");
  result.image.channels = options.gray ? 1 : options.rgb ? 3 : 0;
  return result;
}

// Puts all rows into the coordinates of the principal components of rows [first, end).
void project(const Options& options, std::size_t first, std::size_t end, Rows* rows) {
  for (NamedArray& x : rows->table.datasets) {
    if (x.path != "/x") continue;
    rows->components = principal_components(
        x.array, first, end, static_cast<std::size_t>(options.pca), options.files[0]);
    x = {"/x", rows->components->project(x.array), {}};
    require_finite_rows(x.array, 0, options.files[0], "projected /x");
  }
}

// Rows first to end - 1, in the order asked for.
std::vector<std::uint64_t> row_order(const Options& options, std::size_t first, std::size_t end) {
  std::vector<std::uint64_t> order(end - first);
  if (options.shuffle)
    order = permutation(
        order.size(), Random(static_cast<std::uint64_t>(options.compute.seed), Stream::shuffle), 0);
  else
    std::iota(order.begin(), order.end(), 0);
  for (std::uint64_t& row : order) row += first;
  return order;
}

void write(const Rows& rows, const std::string& output, const Options& options,
           const CommandLine& line) {
  Provenance origin = provenance(line, options.common, rows.table.history);
  if (options.shuffle) origin.seed = static_cast<std::uint64_t>(options.compute.seed);
  ContainerWriter writer(output, "tensors", origin);
  write_table(rows.table, &writer);
  if (rows.components) rows.components->write(&writer);
  writer.commit();
}

void write_split(const Rows& rows, const std::vector<std::uint64_t>& order, const Options& options,
                 const CommandLine& line) {
  const auto count =
      static_cast<std::ptrdiff_t>(std::llround(options.split * static_cast<double>(order.size())));
  if (count == 0 || count == static_cast<std::ptrdiff_t>(order.size()))
    fail_invalid(options.files[0] + ": a part of " + std::to_string(order.size()) +
                 " rows would be empty, choose another --split");
  write({select_rows(rows.table, {order.begin(), order.begin() + count}), rows.components},
        options.output, options, line);
  write({select_rows(rows.table, {order.begin() + count, order.end()}), rows.components},
        options.rest, options, line);
}

int body(int argc, char** argv) {
  Options options;
  CommandLine line("tensor-import", "[OPTIONS] FILE...",
                   "Makes a tensor container from CSV, NPY, NPZ, IDX, images or safetensors.",
                   "tensor-import --label-column species iris.csv -o iris.h5");
  line.group("Text");
  line.choice("header", &options.header, {"auto", "yes", "no"}, "is the first line a header");
  line.text("label-column", &options.label_column, "COLUMN",
            "column that becomes /label: its name, or its number from 1 (-1 is the last)");
  line.choice("precision", &options.compute.precision, {"float32", "float64"},
              "type of the numbers made from text");
  line.group("Images");
  line.text("size", &options.size, "WxH", "scale images to this many pixels");
  line.flag("gray", &options.gray, "make one channel");
  line.flag("rgb", &options.rgb, "make three channels");
  line.group("Rows");
  line.text("rows", &options.rows, "A:B", "take rows A to B-1, counted from 0");
  line.integer("pca", &options.pca, {1, 1 << 24},
               "coordinates on this many leading principal components of the rows");
  line.flag("shuffle", &options.shuffle, "put the rows into a random order");
  line.number("split", &options.split, {0, 1, true, true},
              "put this fraction of the rows into --output, the others into --rest");
  line.text("rest", &options.rest, "FILE", "where the rows go that --split leaves");
  add_seed(line, &options.compute);
  line.group("Output");
  add_output(line, &options.output);
  add_common(line, &options.common);
  line.operands(&options.files, 1, 10000000, "FILE");
  if (!line.parse(argc, argv)) return 0;
  if (line.given("split") != line.given("rest"))
    fail_usage("options --split and --rest go together");
  refuse_shared_outputs({{"--output", options.output}, {"--rest", options.rest}});
  const ImportOptions wanted = import_options(options);
  refuse_terminal_output(options.output);
  if (!options.rest.empty()) refuse_terminal_output(options.rest);
  for (const std::string& file : options.files) refuse_terminal_input(file);

  Imported imported = import_files(options.files, wanted);
  for (const char* option : {"header", "label-column", "precision"})
    if (line.given(option) && !imported.text)
      fail_usage(std::string("option --") + option + " is for text, and " + options.files[0] +
                 " is none");
  if (imported.passed_over > 0)
    warn(std::to_string(imported.passed_over) + " files are not images and are passed over");
  const NamedArray* main = imported.weights ? nullptr : imported.table.find("/x");
  if (main != nullptr) require_finite_rows(main->array, 0, options.files[0], "/x");
  Rows rows{std::move(imported.table), {}};
  const bool choosing =
      options.shuffle || line.given("rows") || line.given("split") || line.given("pca");
  if (!choosing) {
    write(rows, options.output, options, line);
    return 0;
  }
  if (imported.weights)
    fail_usage(
        "options --rows, --pca, --shuffle and --split are for rows, safetensors hold weights");
  const RowRange range = options.rows.empty() ? RowRange{} : RowRange::parse(options.rows);
  const std::size_t count = require_rows(rows.table, options.files[0]);
  const std::size_t end = range.end_of(count, options.files[0]);
  if (line.given("pca")) project(options, range.first, end, &rows);
  const std::vector<std::uint64_t> order = row_order(options, range.first, end);
  if (line.given("split"))
    write_split(rows, order, options, line);
  else
    write({select_rows(rows.table, order), rows.components}, options.output, options, line);
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  return run_program("tensor-import", [&] { return body(argc, argv); });
}
