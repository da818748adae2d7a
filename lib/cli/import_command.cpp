#include "cli/import_command.hpp"

#include <cstdio>

#include "base/error.hpp"

namespace pushforward {
namespace {

// "WxH".
void parse_size(const std::string& text, ImageOptions* image) {
  int used = 0;
  const bool read =
      std::sscanf(text.c_str(), "%4dx%4d%n", &image->width, &image->height, &used) == 2;
  if (!read || used != static_cast<int>(text.size()) || image->width < 1 || image->height < 1)
    fail_usage("option --size: \"" + text + "\" is not WIDTHxHEIGHT in pixels, such as 28x28");
}

}  // namespace

void add_import(CommandLine& line, ImportCommand* o) {
  line.group("Text");
  line.choice("header", &o->header, {"auto", "yes", "no"}, "is the first line a header");
  line.text("label-column", &o->label_column, "COLUMN",
            "column that becomes /label: its name, or its number from 1 (-1 is the last)");
  line.flag("decimal-comma", &o->decimal_comma, "numbers are written as 1,5");
  line.choice("missing", &o->missing, {"error", "drop"},
              "what becomes of a row with a missing value (empty, NA, nan, ?)");
  line.choice("precision", &o->compute.precision, {"float32", "float64"},
              "type of the numbers made from text");
  line.group("Images");
  line.text("size", &o->size, "WxH", "scale images to this many pixels");
  line.flag("gray", &o->gray, "make one channel");
  line.flag("rgb", &o->rgb, "make three channels");
  line.flag("channels-last", &o->channels_last, "rows are [N,H,W,C], make them [N,C,H,W]");
  line.group("Columns and rows");
  line.flag("transpose", &o->transpose,
            "reverse the order of the extents, for files of MATLAB, Julia and R");
  line.text("columns", &o->choice.columns, "LIST",
            "take these columns, in this order: names, numbers from 1, or 2-5");
  line.text("drop", &o->choice.drop, "LIST", "leave these columns out");
  line.text("rows", &o->rows, "A:B", "take rows A to B-1, counted from 0");
  line.integer("pca", &o->pca, {1, 1 << 24},
               "coordinates on this many leading principal components of the rows");
  line.flag("shuffle", &o->shuffle, "put the rows into a random order");
  line.number("split", &o->split, Range::above(0).below(1),
              "put this fraction of the rows into --output, the others into --rest");
  line.side_file("rest", &o->rest, "where the rows go that --split leaves", {FileFormat::hdf5});
  add_seed(line, &o->compute);
  line.group("Output");
  add_output(line, &o->output);
  add_one_thread(line, &o->compute);
  add_common(line, &o->common);
  line.input_operands(&o->files, 1, 10000000, {"FILE"});
}

ImportOptions import_options(const CommandLine& line, const ImportCommand& o) {
  if (line.given("split") != line.given("rest"))
    fail_usage("options --split and --rest go together");
  for (const char* option : {"columns", "drop", "label-column"}) {
    const std::string& text = option[0] == 'c'   ? o.choice.columns
                              : option[0] == 'd' ? o.choice.drop
                                                 : o.label_column;
    if (line.given(option) && text.empty())
      fail_usage(std::string("option --") + option + ": is empty, a column is wanted");
  }
  ImportOptions result;
  result.csv.header = o.header == "yes"  ? Header::yes
                      : o.header == "no" ? Header::no
                                         : Header::automatic;
  result.csv.label_column = o.label_column;
  result.csv.choice = o.choice;
  result.csv.decimal = o.decimal_comma ? DecimalMark::comma : DecimalMark::point;
  result.csv.missing = o.missing == "drop" ? MissingValues::drop_rows : MissingValues::refuse;
  result.csv.type = o.compute.precision == "float64" ? ElementType::float64 : ElementType::float32;
  result.transpose = o.transpose;
  result.channels_last = o.channels_last;
  if (!o.size.empty()) parse_size(o.size, &result.image);
  if (o.gray && o.rgb) fail_usage("options --gray and --rgb exclude each other");
  result.image.channels = o.gray ? 1 : o.rgb ? 3 : 0;
  return result;
}

void require_text(const CommandLine& line, const ImportCommand& o, const Imported& imported) {
  if (imported.text) return;
  for (const char* option : {"header", "label-column", "decimal-comma", "missing", "precision"})
    if (line.given(option))
      fail_usage(std::string("option --") + option + " is for text, and " + o.files[0] + " is not");
}

}  // namespace pushforward
