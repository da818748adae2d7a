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
  line.text("keep", &o->keep, "LIST",
            "columns that stay texts, such as names or dates, and are passed on beside the rows");
  line.text("one-hot", &o->one_hot, "LIST",
            "columns of texts that become a column of 0 and 1 for each text, named COLUMN=TEXT");
  line.choice("missing", &o->missing, {"error", "drop", "mean"},
              "what becomes of a missing value (empty, NA, nan, ?): an error, its row is left "
              "out, the mean of its column");
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
  line.text("jitter", &o->jitter, "LIST|all",
            "add noise as wide as their steps to these columns, or to all whose values lie in "
            "equal steps");
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
  const auto require_column = [&](const char* option, const std::string& text) {
    if (line.given(option) && text.empty())
      fail_usage(std::string("option --") + option + ": is empty, a column is wanted");
  };
  require_column("columns", o.choice.columns);
  require_column("drop", o.choice.drop);
  require_column("label-column", o.label_column);
  require_column("keep", o.keep);
  require_column("jitter", o.jitter);
  require_column("one-hot", o.one_hot);
  ImportOptions result;
  result.csv.header = o.header == "yes"  ? Header::yes
                      : o.header == "no" ? Header::no
                                         : Header::automatic;
  result.csv.label_column = o.label_column;
  result.csv.choice = o.choice;
  result.csv.keep = o.keep;
  result.csv.one_hot = o.one_hot;
  result.csv.decimal = o.decimal_comma ? DecimalMark::comma : DecimalMark::point;
  result.csv.missing = o.missing == "drop"   ? MissingValues::drop_rows
                       : o.missing == "mean" ? MissingValues::mean
                                             : MissingValues::refuse;
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
  for (const char* option :
       {"header", "label-column", "keep", "one-hot", "decimal-comma", "missing", "precision"})
    if (line.given(option))
      fail_usage(std::string("option --") + option + " is for text, and " + o.files[0] + " is not");
}

}  // namespace pushforward
