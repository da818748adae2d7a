#include "io/csv.hpp"

#include <algorithm>
#include <cmath>
#include <deque>
#include <optional>

#include "base/error.hpp"
#include "base/messages.hpp"
#include "io/csv_columns.hpp"
#include "io/csv_complaints.hpp"
#include "io/csv_faults.hpp"
#include "io/labels.hpp"
#include "io/text_encoding.hpp"
#include "io/text_records.hpp"
#include "io/texts.hpp"

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

class CsvReader {
 public:
  CsvReader(const InputFile& file, const CsvOptions& options)
      : file_(file),
        file_name_(file.name()),
        options_(options),
        records_(&file,
                 [this](const std::string& text, std::size_t line) { see_comment(text, line); }) {}

  Table read() {
    read_sample();
    read_header();
    for (const Record& record : sample_) take(record.text, record.line);
    std::string record;
    while (records_.next(&record)) take(record, records_.line());
    if (!faults_.none()) faults_.fail(file_.name());
    if (rows_ == 0 && dropped_ > 0) fail_invalid(file_.name() + ": every row has a missing value");
    if (rows_ == 0) fail_invalid(file_.name() + ": has a header but no rows");
    if (layout_.announced_rows && *layout_.announced_rows != static_cast<double>(rows_ + dropped_))
      fail_invalid(say_.at(first_line_) + " announces another number of rows than the " +
                   std::to_string(rows_ + dropped_) + " that follow" +
                   (layout_.maybe_header ? " (--header yes takes it as a header)" : ""));
    remark();
    return table();
  }

 private:
  void split(const std::string& record) {
    split_record(record, layout_.separator, &unquoted_, &fields_);
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
      if (converted) warn(say_.at(line) + " is not UTF-8 and is taken as Windows-1252");
      sample_.pop_front();
    }
    choose_columns(say_.at(line));
  }

  // Which columns are numbers, indicators, kept texts, the label. Messages begin with `where`.
  void choose_columns(const std::string& where) {
    const std::size_t count = layout_.columns;
    if (!options_.label_column.empty())
      label_ = find_column(options_.label_column, names_, count, where);
    if (label_ && count == 1) fail_invalid(file_.name() + ": has no column besides the label");
    std::vector<std::size_t> keep, one_hot;
    if (!options_.keep.empty()) keep = chosen_columns({options_.keep, ""}, names_, count, where);
    if (!options_.one_hot.empty())
      one_hot = chosen_columns({options_.one_hot, ""}, names_, count, where);
    ColumnChoice choice = options_.choice;
    if (layout_.row_names && choice.columns.empty()) choice.columns = "2-" + std::to_string(count);
    std::vector<std::size_t> chosen = chosen_columns(choice, names_, count, where);
    const auto has = [](const std::vector<std::size_t>& list, std::size_t place) {
      return std::count(list.begin(), list.end(), place) > 0;
    };
    const auto name = [&](std::size_t place) { return names_.empty() ? "" : names_[place]; };
    for (const std::size_t place : one_hot) {
      if (has(keep, place) || label_ == place)
        fail_invalid(where + ": column " + std::to_string(place + 1) +
                     " cannot be indicators and be passed on as text or label as well");
      if (!has(chosen, place)) chosen.push_back(place);
    }
    std::vector<NumberColumns::Column> columns;
    for (const std::size_t place : chosen)
      if (label_ != place && !has(keep, place))
        columns.push_back({place, name(place), has(one_hot, place)});
    if (columns.empty())
      fail_invalid(file_.name() + ": has no column besides " +
                   (keep.empty() ? "the label" : "those that are kept as texts"));
    numbers_.emplace(std::move(columns), options_.type);
    for (const std::size_t place : keep)
      kept_.push_back({place, kept_path(name(place), place, where), {}});
  }

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

  // A text that becomes indicators may be None, which is no number.
  [[nodiscard]] bool is_missing(const NumberColumns::Column& column) const {
    const std::string_view field = fields_[column.place];
    return column.indicators ? is_missing_class(field) : is_missing_number(field);
  }

  [[nodiscard]] bool has_missing() const {
    const auto& columns = numbers_->columns();
    return (label_ && is_missing_class(fields_[*label_])) ||
           std::any_of(columns.begin(), columns.end(),
                       [&](const NumberColumns::Column& column) { return is_missing(column); });
  }

  void take(const std::string& record, std::size_t line) {
    split(record);
    if (fields_.size() != layout_.columns) {
      faults_.add(CsvFault::length, 0,
                  [&](bool) { return say_.length(line, record, fields_.size()); });
      return;
    }
    if (options_.missing == MissingValues::drop_rows && has_missing()) {
      ++dropped_;
      return;
    }
    for (std::size_t i = 0; i < numbers_->columns().size(); ++i) take_number(line, i);
    if (label_) take_label(line);
    for (Kept& kept : kept_) {
      kept.texts.push_back(utf8_field(line, kept.place));
      if (kept.texts.back().size() > max_text_size)
        faults_.add(CsvFault::long_text, kept.place, [&](bool) {
          return say_.at(line, kept.place) + "is a text of more than " +
                 std::to_string(max_text_size) + " bytes, too long to be kept";
        });
    }
    ++rows_;
  }

  void take_number(std::size_t line, std::size_t index) {
    const NumberColumns::Column& column = numbers_->columns()[index];
    const std::size_t place = column.place;
    const std::string_view field = fields_[place];
    if (options_.missing == MissingValues::mean && is_missing(column))
      return numbers_->add_missing(index);
    if (column.indicators) {
      if (is_missing(column))
        faults_.add(CsvFault::missing, place,
                    [&](bool) { return say_.missing_text(line, place, field, "text"); });
      return numbers_->add_text(index, utf8_field(line, place));
    }
    const std::optional<double> value = parsed_number(field, options_.decimal);
    const bool wide = options_.type == ElementType::float64;
    if (!value || std::isnan(*value)) {
      faults_.add(is_missing_number(field) ? CsvFault::missing : CsvFault::not_a_number, place,
                  [&](bool first) {
                    if (!first) return say_.no_number(line, place, field);
                    return say_.no_number(line, place, field,
                                          line == first_line_ ? CsvComplaints::Line::first
                                                              : CsvComplaints::Line::other);
                  });
    } else if (!std::isfinite(*value) || (!wide && !std::isfinite(static_cast<float>(*value)))) {
      faults_.add(CsvFault::not_finite, place,
                  [&](bool) { return say_.not_finite(line, place, field); });
    } else {
      if (layout_.doubtful_commas) layout_.doubtful_commas = field.find(',') == field.npos;
      if (place == 0) counter_.see(*value, rows_);
      numbers_->add_number(index, *value);
    }
  }

  void take_label(std::size_t line) {
    if (is_missing_class(fields_[*label_]))
      faults_.add(CsvFault::label, *label_, [&](bool) {
        return say_.missing_text(line, *label_, fields_[*label_], "label");
      });
    else
      labels_.add(utf8_field(line, *label_), line);
  }

  std::string utf8_field(std::size_t line, std::size_t place) {
    std::string text(fields_[place]);
    text.erase(std::remove(text.begin(), text.end(), '\0'), text.end());
    if (make_utf8(&text) && !warned_of_encoding_) {
      warned_of_encoding_ = true;
      warn(say_.at(line) + (place == label_ ? ": the label" : ": the text") +
           " is not UTF-8 and is taken as Windows-1252");
    }
    return text;
  }

  // Warns of what was left out, and of what may have been misread.
  void remark() const {
    if (!layout_.remark.empty()) warn(say_.at(first_line_) + layout_.remark);
    if (dropped_ > 0)
      warn(file_.name() + ": " + std::to_string(dropped_) + " of " +
           std::to_string(rows_ + dropped_) + " rows have missing values and are left out");
    if (layout_.doubtful_commas)
      warn(say_.at(first_line_) +
           ": commas are taken as separators, as they are between names, and no number has a "
           "decimal comma; a comma in a name must be in quotes");
    if (likely_rows_ > 0)
      warn(say_.at(first_likely_row_) +
           " begins with # and is passed over as a comment, but has as many fields as the rows "
           "(such lines: " +
           std::to_string(likely_rows_) + "); put its first field in quotes if it is a row");
    const auto& columns = numbers_->columns();
    const bool has_first = std::any_of(columns.begin(), columns.end(), [](const auto& column) {
      return column.place == 0 && !column.indicators;
    });
    if (layout_.row_names && !has_first && !uses_first())
      warn(say_.at(first_line_) +
           " is one field shorter than the others: column 1 is taken as names of rows and left "
           "out");
    else if (options_.choice.columns.empty() && !names_.empty() && names_[0].empty() && has_first &&
             rows_ > 1 && counter_.counts())
      warn(file_.name() +
           ": column 1 has no name and counts the rows; --drop 1 leaves it out of /x");
    if (label_ && !labels_.remark().empty()) warn(file_.name() + ": " + labels_.remark());
  }

  // Whether the first column is used for something else than numbers.
  [[nodiscard]] bool uses_first() const {
    const auto& columns = numbers_->columns();
    return label_ == std::size_t{0} ||
           std::any_of(columns.begin(), columns.end(),
                       [](const auto& column) { return column.place == 0; }) ||
           std::any_of(kept_.begin(), kept_.end(),
                       [](const Kept& kept) { return kept.place == 0; });
  }

  Table table() {
    if (const std::string lost = numbers_->lost(); !lost.empty())
      warn(file_.name() + ": " + lost + "; --precision float64 keeps the digits");
    Table result;
    result.datasets.push_back(numbers_->dataset(file_.name(), !names_.empty()));
    result.filled = numbers_->filled_places();
    for (const std::string& filled : numbers_->filled()) warn(file_.name() + ": " + filled);
    if (label_) result.datasets.push_back(labels_.dataset());
    for (const Kept& kept : kept_)
      result.datasets.push_back(
          kept_texts(kept.path, names_.empty() ? "" : names_[kept.place], kept.texts));
    return result;
  }

  // A column whose texts are passed on beside the rows.
  struct Kept {
    std::size_t place;
    std::string path;
    std::vector<std::string> texts;
  };

  const InputFile& file_;
  const std::string file_name_;
  const CsvOptions& options_;
  TextRecords records_;
  std::deque<Record> sample_;
  std::vector<Record> early_comments_;  // those seen while the sample was read
  CsvLayout layout_;
  std::size_t first_line_ = 0, rows_ = 0, dropped_ = 0;
  std::size_t likely_rows_ = 0, first_likely_row_ = 0;  // among the comments
  std::vector<std::string> names_;
  std::optional<std::size_t> label_;
  std::optional<NumberColumns> numbers_;
  std::vector<Kept> kept_;
  RowCounter counter_;  // of the first column
  CsvComplaints say_{file_name_, options_, layout_, names_};
  CsvFaults faults_;
  bool warned_of_encoding_ = false;
  std::vector<std::string> unquoted_;
  std::vector<std::string_view> fields_;
  Labels labels_{options_.decimal};
};

}  // namespace

Table read_csv(const InputFile& file, const CsvOptions& options) {
  if (!is_utf16(file.bytes(0, 64))) return CsvReader(file, options).read();
  const InputFile converted = utf8_of_utf16(file);
  return CsvReader(converted, options).read();
}

}  // namespace pushforward
