#include "io/csv.hpp"

#include <algorithm>
#include <cmath>
#include <deque>
#include <optional>

#include "base/error.hpp"
#include "base/messages.hpp"
#include "io/labels.hpp"
#include "io/names.hpp"
#include "io/narrowing.hpp"
#include "io/text_encoding.hpp"
#include "io/text_records.hpp"

namespace pushforward {
namespace {

// The layout is found from the first records: until either limit, but at least two.
constexpr std::size_t sample_records = 20;
constexpr std::size_t sample_bytes = std::size_t{1} << 20;
constexpr std::size_t max_early_comments = 1000;

struct Record {
  std::string text;
  std::size_t line;
};

// Spreadsheets may name the separator in a first line, "sep=;".
bool is_separator_line(const std::string& record) {
  return record.size() == 5 && record.compare(0, 4, "sep=") == 0;
}

// Whether a column counts the rows, from 0 or 1.
class RowCounter {
 public:
  void see(double value, std::size_t row) {
    if (row == 0) first_ = value;
    counts_ = counts_ && (first_ == 0 || first_ == 1) && value == first_ + static_cast<double>(row);
  }
  [[nodiscard]] bool counts() const { return counts_; }

 private:
  double first_ = 0;
  bool counts_ = true;
};

// What a number with a decimal comma may mean, for a message.
std::string readings(std::string_view field) {
  const std::size_t comma = field.find(',');
  const std::string before(field.substr(0, comma)), after(field.substr(comma + 1));
  const bool thousands = after.size() == 3 && after.find_first_not_of("0123456789") == after.npos;
  return thousands ? "--decimal-comma reads it as " + before + "." + after + "; write " + before +
                         after + " if the comma sets thousands apart"
                   : "--decimal-comma reads it as one";
}

class CsvReader {
 public:
  CsvReader(const InputFile& file, const CsvOptions& options)
      : file_(file),
        options_(options),
        records_(&file,
                 [this](const std::string& text, std::size_t line) { see_comment(text, line); }) {}

  Table read() {
    read_sample();
    read_header();
    for (const Record& record : sample_) take(record.text, record.line);
    std::string record;
    while (records_.next(&record)) take(record, records_.line());
    if (rows_ == 0 && dropped_ > 0) fail_invalid(file_.name() + ": every row has a missing value");
    if (rows_ == 0) fail_invalid(file_.name() + ": has a header but no rows");
    if (layout_.announced_rows && *layout_.announced_rows != static_cast<double>(rows_ + dropped_))
      fail_at(first_line_,
              " announces another number of rows than the " + std::to_string(rows_ + dropped_) +
                  " that follow" +
                  (layout_.maybe_header ? " (--header yes takes it as a header)" : ""));
    remark();
    return table();
  }

 private:
  void split(const std::string& record) {
    split_record(record, layout_.separator, &unquoted_, &fields_);
  }

  [[noreturn]] void fail_at(std::size_t line, const std::string& what) const {
    fail_invalid(at(line) + what);
  }
  [[nodiscard]] std::string at(std::size_t line) const {
    return file_.name() + ": line " + std::to_string(line);
  }

  void read_sample() {
    std::vector<std::string> texts;
    std::size_t bytes = 0;
    const auto is_enough = [&] {
      return sample_.size() >= sample_records || (sample_.size() >= 2 && bytes >= sample_bytes);
    };
    while (!is_enough()) {
      Record record;
      if (!records_.next(&record.text)) break;
      if (sample_.empty() && is_separator_line(record.text)) continue;
      record.line = records_.line();
      bytes += record.text.size();
      texts.push_back(record.text);
      sample_.push_back(std::move(record));
    }
    if (sample_.empty()) fail_invalid(file_.name() + ": holds no lines of numbers");
    layout_ = find_layout(texts, options_.header, options_.decimal);
    first_line_ = sample_[0].line;
    for (const Record& comment : early_comments_) see_comment(comment.text, comment.line);
    early_comments_.clear();
  }

  // Finds the column names, the label column and the chosen columns.
  void read_header() {
    if (layout_.announced_rows) sample_.pop_front();
    const std::size_t line = sample_[0].line;
    if (layout_.header) {
      split(sample_[0].text);
      if (layout_.row_names) names_.emplace_back();
      for (const std::string_view field : fields_) names_.emplace_back(field);
      bool converted = false;
      for (std::string& name : names_) converted = make_utf8(&name) || converted;
      if (converted) warn(at(line) + " is not UTF-8 and is taken as Windows-1252");
      sample_.pop_front();
    }
    if (!options_.label_column.empty())
      label_ = find_column(options_.label_column, names_, layout_.columns, at(line));
    if (label_ && layout_.columns == 1)
      fail_invalid(file_.name() + ": has no column besides the label");
    ColumnChoice choice = options_.choice;
    if (layout_.row_names && choice.columns.empty()) choice.columns = "2-" + shown_last();
    chosen_ = chosen_columns(choice, names_, layout_.columns, at(line));
    if (label_) chosen_.erase(std::remove(chosen_.begin(), chosen_.end(), *label_), chosen_.end());
    if (chosen_.empty()) fail_invalid(file_.name() + ": has no column besides the label");
  }
  [[nodiscard]] std::string shown_last() const { return std::to_string(layout_.columns); }

  // Counts comments that may be rows whose first field happens to begin with #. Comments before the
  // first record, such as column names, are not counted.
  void see_comment(const std::string& text, std::size_t line) {
    if (layout_.columns == 0) {
      if (!sample_.empty() && early_comments_.size() < max_early_comments)
        early_comments_.push_back({text, line});
      return;
    }
    const bool blank_follows = text.size() < 2 || text[1] == ' ' || text[1] == '\t';
    if (layout_.columns < 2 || (layout_.separator == ' ' && blank_follows)) return;
    split(text);
    if (fields_.size() != layout_.columns) return;
    if (likely_rows_ == 0) first_likely_row_ = line;
    ++likely_rows_;
  }

  [[noreturn]] void refuse_length(const std::string& record, std::size_t line) const {
    std::string hint;
    if (options_.decimal == DecimalMark::point && layout_.separator == ',' &&
        layout_.columns == 1 && has_decimal_comma(record))
      hint = " (is it one number? " + readings(record) + ")";
    else if (layout_.columns == 1 && layout_.header)
      hint =
          " (a title above the rows must begin with #; numbers such as 1,5 need "
          "--decimal-comma)";
    fail_at(line, " has " + std::to_string(fields_.size()) + " fields, the " +
                      (layout_.row_names ? "second" : "first") + " line has " + shown_last() +
                      hint);
  }

  // Says why a field is not a number, and what would help.
  [[noreturn]] void refuse(std::size_t line, std::size_t column) const {
    const std::string_view field = fields_[column];
    const std::string number = std::to_string(column + 1);
    const std::string where = ", column " + number + ": ", shown = where + shown_field(field);
    const bool maybe_header = options_.header == Header::automatic && !layout_.header &&
                              !layout_.announced_rows && line == first_line_;
    const std::string or_header = maybe_header ? "; --header yes takes the line as a header" : "";
    if (is_missing_number(field))
      fail_at(line, (field.empty() ? where + "is empty, a number is wanted"
                                   : shown + " is a missing value") +
                        " (--missing drop leaves such rows out, --drop " + number + " the column" +
                        or_header + ")");
    if (options_.decimal == DecimalMark::point && has_decimal_comma(field))
      fail_at(line, shown + " is not a number (" + readings(field) + or_header + ")");
    if (options_.decimal == DecimalMark::comma &&
        parsed_number(field, DecimalMark::point).has_value())
      fail_at(line, shown + " has a decimal point, and --decimal-comma was given");
    if (!names_.empty() && names_[column].empty())
      fail_at(line, shown +
                        " is not a number (a column without a name may hold names of rows: "
                        "--drop " +
                        number + " leaves it out)");
    fail_at(line, shown + " is not a number (a column of classes is named by --label-column" +
                      or_header + ")");
  }

  [[nodiscard]] bool has_missing() const {
    return (label_ && is_missing_class(fields_[*label_])) ||
           std::any_of(chosen_.begin(), chosen_.end(),
                       [&](std::size_t column) { return is_missing_number(fields_[column]); });
  }

  void take(const std::string& record, std::size_t line) {
    split(record);
    if (fields_.size() != layout_.columns) refuse_length(record, line);
    if (options_.missing == MissingValues::drop_rows && has_missing()) {
      ++dropped_;
      return;
    }
    for (const std::size_t column : chosen_) take_number(line, column);
    if (label_) take_label(line);
    ++rows_;
  }

  void take_number(std::size_t line, std::size_t column) {
    const std::string_view field = fields_[column];
    const std::optional<double> value = parsed_number(field, options_.decimal);
    if (!value || std::isnan(*value)) refuse(line, column);
    const bool wide = options_.type == ElementType::float64;
    if (!std::isfinite(*value) || (!wide && !std::isfinite(static_cast<float>(*value))))
      fail_at(line, ", column " + std::to_string(column + 1) + ": " + shown_field(field) +
                        " is not a finite number of its type");
    if (layout_.doubtful_commas) layout_.doubtful_commas = field.find(',') == field.npos;
    if (column == 0) counter_.see(*value, rows_);
    if (wide) {
      wide_.push_back(*value);
    } else {
      narrow_.push_back(static_cast<float>(*value));
      narrowed_.see(column, *value);
    }
  }

  void take_label(std::size_t line) {
    std::string label(fields_[*label_]);
    if (is_missing_class(label))
      fail_at(line, ", column " + std::to_string(*label_ + 1) + ": the label " +
                        (label.empty() ? "" : shown_field(label) + " ") +
                        "is missing (--missing drop leaves such rows out)");
    if (make_utf8(&label) && !warned_of_labels_) {
      warned_of_labels_ = true;
      warn(at(line) + ": the label is not UTF-8 and is taken as Windows-1252");
    }
    labels_.add(label, line);
  }

  // Warns of what was left out, and of what may have been misread.
  void remark() const {
    if (!layout_.remark.empty()) warn(at(first_line_) + layout_.remark);
    if (dropped_ > 0)
      warn(file_.name() + ": " + std::to_string(dropped_) + " of " +
           std::to_string(rows_ + dropped_) + " rows have missing values and are left out");
    if (layout_.doubtful_commas)
      warn(at(first_line_) +
           ": commas are taken as separators, as they are between names, and no number has a "
           "decimal comma; a comma in a name must be in quotes");
    if (likely_rows_ > 0)
      warn(at(first_likely_row_) +
           " begins with # and is passed over as a comment, but has as many fields as the rows "
           "(such lines: " +
           std::to_string(likely_rows_) + "); put its first field in quotes if it is a row");
    const bool has_first = std::count(chosen_.begin(), chosen_.end(), std::size_t{0}) > 0;
    const bool first_is_label = label_ && *label_ == 0;
    if (layout_.row_names && !has_first && !first_is_label)
      warn(at(first_line_) +
           " is one field shorter than the others: column 1 is taken as names of rows and left "
           "out");
    else if (options_.choice.columns.empty() && !names_.empty() && names_[0].empty() && has_first &&
             rows_ > 1 && counter_.counts())
      warn(file_.name() +
           ": column 1 has no name and counts the rows; --drop 1 leaves it out of /x");
    if (label_ && !labels_.remark().empty()) warn(file_.name() + ": " + labels_.remark());
  }

  Table table() {
    if (const std::string lost = narrowed_.remark(); !lost.empty())
      warn(file_.name() + ": " + lost + "; --precision float64 keeps the digits");
    const Shape shape{rows_, chosen_.size()};
    NamedArray x{"/x", {}, {}};
    x.array =
        options_.type == ElementType::float64 ? Array::of(wide_, shape) : Array::of(narrow_, shape);
    if (!names_.empty()) {
      std::vector<std::string> names;
      for (const std::size_t column : chosen_) names.push_back(names_[column]);
      x.attributes.emplace_back("columns", join_names(names));
    }
    Table result;
    result.datasets.push_back(std::move(x));
    if (label_) result.datasets.push_back(labels_.dataset());
    return result;
  }

  const InputFile& file_;
  const CsvOptions& options_;
  TextRecords records_;
  std::deque<Record> sample_;
  std::vector<Record> early_comments_;  // those seen while the sample was read
  CsvLayout layout_;
  std::size_t first_line_ = 0, rows_ = 0, dropped_ = 0;
  std::size_t likely_rows_ = 0, first_likely_row_ = 0;  // among the comments
  std::vector<std::string> names_;
  std::optional<std::size_t> label_;
  std::vector<std::size_t> chosen_;  // columns that make /x
  RowCounter counter_;               // of the first column
  bool warned_of_labels_ = false;
  std::vector<std::string> unquoted_;
  std::vector<std::string_view> fields_;
  std::vector<float> narrow_;
  NarrowedColumns narrowed_;
  std::vector<double> wide_;
  Labels labels_{options_.decimal};
};

}  // namespace

Table read_csv(const InputFile& file, const CsvOptions& options) {
  if (!is_utf16(file.bytes(0, 64))) return CsvReader(file, options).read();
  const InputFile converted = utf8_of_utf16(file);
  return CsvReader(converted, options).read();
}

}  // namespace pushforward
