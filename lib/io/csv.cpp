#include "io/csv.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <deque>
#include <map>
#include <optional>

#include "base/error.hpp"
#include "io/narrowing.hpp"
#include "io/text_records.hpp"

namespace pushforward {
namespace {

constexpr std::size_t sample_records = 20;

// The whole field as a number; nan and inf are numbers here.
std::optional<double> parsed(std::string_view field) {
  if (!field.empty() && field.front() == '+') field.remove_prefix(1);
  double value = 0;
  const auto [end, error] = std::from_chars(field.data(), field.data() + field.size(), value);
  if (end != field.data() + field.size() || field.empty()) return std::nullopt;
  if (error == std::errc::result_out_of_range) {  // too large, or too small to tell from 0
    const bool small = field.find("e-") != field.npos || field.find("E-") != field.npos;
    return small ? 0.0 : HUGE_VAL;
  }
  if (error != std::errc()) return std::nullopt;
  return value;
}

std::string shown(std::string_view field) {
  std::string text(field.substr(0, 40));
  for (char& c : text)
    if (static_cast<unsigned char>(c) < 32) c = ' ';
  return "\"" + text + (field.size() > 40 ? "..." : "") + "\"";
}

struct Record {
  std::string text;
  std::size_t line;
};

class CsvReader {
 public:
  CsvReader(const InputFile& file, const CsvOptions& options)
      : file_(file), options_(options), records_(&file) {}

  Table read() {
    for (Record record; sample_.size() < sample_records && records_.next(&record.text);) {
      record.line = records_.line();
      sample_.push_back(record);
    }
    if (sample_.empty()) fail_invalid(file_.name() + ": holds no lines of numbers");
    separator_ = find_separator();
    const std::size_t first_line = sample_[0].line;
    const std::optional<double> announced = announced_rows();
    if (announced) sample_.pop_front();
    split(sample_[0].text);
    columns_ = fields_.size();
    const bool header = !announced && has_header();
    split(sample_[0].text);
    if (header) names_.assign(fields_.begin(), fields_.end());
    label_ = find_label(sample_[0].line);
    if (label_ && columns_ == 1) fail_invalid(file_.name() + ": has no column besides the label");
    if (header) sample_.pop_front();
    for (const Record& record : sample_) take(record.text, record.line);
    std::string record;
    while (records_.next(&record)) take(record, records_.line());
    if (rows_ == 0) fail_invalid(file_.name() + ": has a header but no rows");
    if (announced && *announced != static_cast<double>(rows_))
      fail_at(first_line, " counts other rows than the " + std::to_string(rows_) + " that follow");
    return table();
  }

 private:
  void split(const std::string& record) { split_record(record, separator_, &unquoted_, &fields_); }

  [[noreturn]] void fail_at(std::size_t line, const std::string& what) const {
    fail_invalid(file_.name() + ": line " + std::to_string(line) + what);
  }

  // The first separator that cuts every sampled record into the same number of fields above one;
  // failing that, one that occurs in the first record, so that a short line is called a short line.
  char find_separator() {
    for (bool strict : {true, false})
      for (char candidate : {'\t', ',', ';', ' '}) {
        separator_ = candidate;
        split(sample_[0].text);
        const std::size_t columns = fields_.size();
        if (columns < 2) continue;
        const bool even = std::all_of(sample_.begin(), sample_.end(), [&](const Record& record) {
          split(record.text);
          return fields_.size() == columns;
        });
        if (even || !strict) return candidate;
      }
    return ',';
  }

  // The number of rows in a first line that counts what follows, as scikit-learn's files have it:
  // rows, columns without the label, names of classes. A header is as long as the other lines, and
  // so is a row; any other line of another length is a mistake.
  std::optional<double> announced_rows() {
    if (options_.header == Header::no || sample_.size() < 2) return std::nullopt;
    split(sample_[1].text);
    const std::size_t columns = fields_.size();
    split(sample_[0].text);
    if (fields_.size() < 2 || fields_.size() == columns) return std::nullopt;
    if (parsed(fields_[1]) != static_cast<double>(columns) - 1) return std::nullopt;
    return parsed(fields_[0]);
  }

  // A header has a text where the second line has a number, or texts only.
  bool has_header() {
    if (options_.header != Header::automatic) return options_.header == Header::yes;
    std::vector<bool> text;
    for (std::string_view field : fields_) text.push_back(!parsed(field));
    if (std::all_of(text.begin(), text.end(), [](bool is_text) { return is_text; })) return true;
    if (sample_.size() < 2) return false;
    split(sample_[1].text);
    for (std::size_t i = 0; i < std::min(text.size(), fields_.size()); ++i)
      if (text[i] && parsed(fields_[i])) return true;
    return false;
  }

  std::optional<std::size_t> find_label(std::size_t line) const {
    const std::string& wanted = options_.label_column;
    if (wanted.empty()) return std::nullopt;
    const auto found = std::find(names_.begin(), names_.end(), wanted);
    if (found != names_.end()) return static_cast<std::size_t>(found - names_.begin());
    long long number = 0;
    const auto [end, error] = std::from_chars(wanted.data(), wanted.data() + wanted.size(), number);
    const auto count = static_cast<long long>(columns_);
    const bool is_number = error == std::errc() && end == wanted.data() + wanted.size();
    if (is_number && number >= 1 && number <= count) return static_cast<std::size_t>(number - 1);
    if (is_number && number <= -1 && number >= -count)
      return static_cast<std::size_t>(count + number);
    std::string known;
    for (const std::string& name : names_)
      if (known.size() < 60) known += (known.empty() ? "" : ", ") + name;
    fail_at(line, ": has no column " + shown(wanted) + ", it has " +
                      (known.empty() ? "columns 1 to " + std::to_string(count) : known));
  }

  void take(const std::string& record, std::size_t line) {
    split(record);
    if (fields_.size() != columns_)
      fail_at(line, " has " + std::to_string(fields_.size()) + " fields, the first line has " +
                        std::to_string(columns_));
    for (std::size_t i = 0; i < columns_; ++i) {
      if (label_ && i == *label_) {
        labels_.emplace_back(fields_[i]);
        continue;
      }
      const std::optional<double> value = parsed(fields_[i]);
      const std::string where = ", column " + std::to_string(i + 1) + ": ";
      if (fields_[i].empty()) fail_at(line, where + "is empty, a number is wanted");
      if (!value)
        fail_at(line, where + shown(fields_[i]) +
                          " is not a number (a column of classes is named by --label-column)");
      const bool fits = std::isfinite(*value) && (options_.type == ElementType::float64 ||
                                                  std::isfinite(static_cast<float>(*value)));
      if (!fits) fail_at(line, where + shown(fields_[i]) + " is not a finite number of its type");
      if (options_.type == ElementType::float64) {
        wide_.push_back(*value);
      } else {
        narrow_.push_back(static_cast<float>(*value));
        narrowed_.see(i, *value);
      }
    }
    ++rows_;
  }

  NamedArray labels() const {
    std::vector<std::int64_t> numbers;
    for (const std::string& label : labels_) {
      std::int64_t number = 0;
      const auto [end, error] = std::from_chars(label.data(), label.data() + label.size(), number);
      if (error != std::errc() || end != label.data() + label.size()) break;
      numbers.push_back(number);
    }
    if (numbers.size() == labels_.size()) return {"/label", Array::of(numbers, {rows_}), {}};
    std::map<std::string, std::int64_t> classes;
    for (const std::string& label : labels_) classes[label] = 0;
    std::string names;
    std::int64_t next = 0;
    for (auto& [name, number] : classes) {
      number = next++;
      names += (number == 0 ? "" : ",") + name;
    }
    numbers.clear();
    for (const std::string& label : labels_) numbers.push_back(classes[label]);
    return {"/label", Array::of(numbers, {rows_}), {{"classes", names}}};
  }

  Table table() {
    if (const std::string lost = narrowed_.remark(); !lost.empty() && options_.warn)
      options_.warn(file_.name() + ": " + lost + "; --precision float64 keeps the digits");
    const Shape shape{rows_, columns_ - (label_ ? 1 : 0)};
    NamedArray x{"/x", {}, {}};
    x.array =
        options_.type == ElementType::float64 ? Array::of(wide_, shape) : Array::of(narrow_, shape);
    if (!names_.empty()) {
      std::string joined;
      for (std::size_t i = 0; i < names_.size(); ++i)
        if (!label_ || i != *label_) joined += (joined.empty() ? "" : ",") + names_[i];
      x.attributes.emplace_back("columns", joined);
    }
    Table result;
    result.datasets.push_back(std::move(x));
    if (label_) result.datasets.push_back(labels());
    return result;
  }

  const InputFile& file_;
  const CsvOptions& options_;
  TextRecords records_;
  std::deque<Record> sample_;
  char separator_ = ',';
  std::size_t columns_ = 0, rows_ = 0;
  std::vector<std::string> names_;
  std::optional<std::size_t> label_;
  std::vector<std::string> unquoted_;
  std::vector<std::string_view> fields_;
  std::vector<float> narrow_;
  NarrowedColumns narrowed_;
  std::vector<double> wide_;
  std::vector<std::string> labels_;
};

}  // namespace

Table read_csv(const InputFile& file, const CsvOptions& options) {
  return CsvReader(file, options).read();
}

}  // namespace pushforward
