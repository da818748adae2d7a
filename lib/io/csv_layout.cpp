#include "io/csv_layout.hpp"

#include <algorithm>
#include <limits>

#include "io/text_records.hpp"

namespace pushforward {
namespace {

using Fields = std::vector<std::string>;

Fields fields_of(const std::string& record, char separator) {
  std::vector<std::string> unquoted;
  std::vector<std::string_view> fields;
  split_record(record, separator, &unquoted, &fields);
  return {fields.begin(), fields.end()};
}

// The records cut at one separator. The first may be longer or shorter than the others.
struct Cut {
  char separator;
  std::vector<Fields> records;

  [[nodiscard]] const Fields& first() const { return records[0]; }
  [[nodiscard]] const Fields& second() const { return records[records.size() > 1 ? 1 : 0]; }
  [[nodiscard]] bool is_even() const {
    return std::all_of(records.begin() + (records.size() > 1 ? 1 : 0), records.end(),
                       [&](const Fields& fields) { return fields.size() == second().size(); });
  }
  // Fields of the rows that are no numbers in any notation.
  [[nodiscard]] std::size_t texts(DecimalMark mark) const {
    std::size_t count = 0;
    for (std::size_t i = records.size() > 1 ? 1 : 0; i < records.size(); ++i)
      count += static_cast<std::size_t>(std::count_if(
          records[i].begin(), records[i].end(),
          [&](const std::string& field) { return field_kind(field, mark) == FieldKind::text; }));
    return count;
  }
  // Where commas are decimal marks, they separate only fields that are quoted because of theirs.
  [[nodiscard]] bool suits(DecimalMark mark) const {
    if (mark == DecimalMark::point || separator != ',') return true;
    return std::any_of(second().begin(), second().end(), has_decimal_comma);
  }
};

bool is_text(const Fields& fields, DecimalMark mark) {
  return std::all_of(fields.begin(), fields.end(), [&](const std::string& field) {
    return field_kind(field, mark) == FieldKind::text;
  });
}

// The separator that cuts the rows into equally many fields above one, of which the fewest are
// texts; failing that, one that occurs in the first record, so that a short line is called a short
// line.
Cut best_cut(const std::vector<std::string>& records, DecimalMark mark) {
  std::optional<Cut> even, occurring;
  std::size_t fewest = std::numeric_limits<std::size_t>::max();
  bool single = records.size() > 1;
  for (const char separator : {'\t', ',', ';', ' '}) {
    Cut cut{separator, {}};
    for (const std::string& record : records) cut.records.push_back(fields_of(record, separator));
    single = single && cut.is_even() && cut.second().size() == 1;
    if (!cut.suits(mark)) continue;
    if (cut.first().size() > 1 && !occurring) occurring = cut;
    if (!cut.is_even() || cut.second().size() < 2) continue;
    // A header that is cut as the rows are is worth as much as a row that is.
    const std::size_t texts =
        2 * cut.texts(mark) + (cut.first().size() == cut.second().size() ? 0 : 1);
    if (texts >= fewest) continue;
    fewest = texts;
    even = std::move(cut);
  }
  if (even) return *even;
  if (occurring && !(single && is_text(occurring->first(), mark))) return *occurring;
  Cut whole{mark == DecimalMark::point ? ',' : ';', {}};
  for (const std::string& record : records)
    whole.records.push_back(fields_of(record, whole.separator));
  return whole;
}

std::vector<FieldKind> kinds_of(const Fields& fields, DecimalMark mark) {
  std::vector<FieldKind> kinds;
  for (const std::string& field : fields) kinds.push_back(field_kind(field, mark));
  return kinds;
}

std::size_t count_of(const std::vector<FieldKind>& kinds, FieldKind kind) {
  return static_cast<std::size_t>(std::count(kinds.begin(), kinds.end(), kind));
}

// Are fields from `first` on 0, 1, 2, ...? That is how unnamed columns are called.
bool counts_columns(const Fields& fields, std::size_t first) {
  for (std::size_t i = first; i < fields.size(); ++i)
    if (fields[i] != std::to_string(i - first)) return false;
  return true;
}

// A name stands where the second record has a number; or all are names.
void find_header(const Cut& cut, DecimalMark mark, CsvLayout* layout) {
  const std::vector<FieldKind> first = kinds_of(cut.first(), mark);
  const std::size_t texts = count_of(first, FieldKind::text);
  const std::size_t numbers = count_of(first, FieldKind::number);
  const std::string taken =
      " is taken as a header, though it holds numbers; --header yes or --header no says what it is";
  if (texts == first.size()) {
    layout->header = true;
    return;
  }
  if (cut.records.size() < 2) return;
  const std::vector<FieldKind> second = kinds_of(cut.second(), mark);
  for (std::size_t i = 0; i < std::min(first.size(), second.size()); ++i)
    if (first[i] == FieldKind::text && second[i] != FieldKind::text) layout->header = true;
  if (layout->header && numbers > 0) layout->remark = taken;
  if (texts == 0 && first.size() > 1 && cut.first()[0].empty() && !cut.second()[0].empty() &&
      counts_columns(cut.first(), 1)) {
    layout->header = true;
    layout->remark = taken;
  }
  if (numbers == first.size() && first.size() > 2 && counts_columns(cut.first(), 0))
    layout->remark =
        " holds 0, 1, 2, ... and is taken as a row; if it is a header, give --header yes";
}

// Rows, columns without the label, names of classes. A header is as long as the other records, and
// so is a row; any other record of another length is a mistake.
std::optional<double> announced_rows(const Cut& cut) {
  const Fields& first = cut.first();
  const std::size_t columns = cut.second().size();
  if (cut.records.size() < 2 || first.size() < 2 || first.size() == columns) return std::nullopt;
  if (parsed_number(first[1], DecimalMark::point) != static_cast<double>(columns) - 1)
    return std::nullopt;
  return parsed_number(first[0], DecimalMark::point);
}

// Not where the rows just end in a separator.
bool has_row_names(const Cut& cut, DecimalMark mark) {
  if (cut.records.size() < 2 || cut.first().size() + 1 != cut.second().size()) return false;
  if (!is_text(cut.first(), mark)) return false;
  return std::any_of(cut.records.begin() + 1, cut.records.end(),
                     [](const Fields& fields) { return !fields.back().empty(); });
}

}  // namespace

CsvLayout find_layout(const std::vector<std::string>& records, Header header, DecimalMark mark) {
  const Cut cut = best_cut(records, mark);
  CsvLayout layout;
  layout.separator = cut.separator;
  layout.columns = cut.first().size();
  layout.header = header == Header::yes;
  if (header == Header::no) return layout;
  if (has_row_names(cut, mark)) {
    layout.columns = cut.second().size();
    layout.header = layout.row_names = true;
    return layout;
  }
  layout.announced_rows = announced_rows(cut);
  if (layout.announced_rows) {
    layout.columns = cut.second().size();
    layout.header = false;
  } else if (header == Header::automatic) {
    find_header(cut, mark, &layout);
  }
  return layout;
}

}  // namespace pushforward
