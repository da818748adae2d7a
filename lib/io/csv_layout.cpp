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

// The records, split at one separator. The first may be longer or shorter than the others.
struct Cut {
  char separator;
  std::vector<Fields> records;

  [[nodiscard]] const Fields& first() const { return records[0]; }
  [[nodiscard]] const Fields& second() const { return records[records.size() > 1 ? 1 : 0]; }
  [[nodiscard]] bool is_even() const {
    return std::all_of(records.begin() + (records.size() > 1 ? 1 : 0), records.end(),
                       [&](const Fields& fields) { return fields.size() == second().size(); });
  }
  // The number of fields of the rows that are text.
  [[nodiscard]] std::size_t texts(DecimalMark mark) const {
    std::size_t count = 0;
    for (std::size_t i = records.size() > 1 ? 1 : 0; i < records.size(); ++i)
      count += static_cast<std::size_t>(std::count_if(
          records[i].begin(), records[i].end(),
          [&](const std::string& field) { return field_kind(field, mark) == FieldKind::text; }));
    return count;
  }
  [[nodiscard]] bool has_decimal_commas() const {
    return std::any_of(records.begin(), records.end(), [](const Fields& fields) {
      return std::any_of(fields.begin(), fields.end(), has_decimal_comma);
    });
  }
};

bool is_text(const Fields& fields, DecimalMark mark) {
  return std::all_of(fields.begin(), fields.end(), [&](const std::string& field) {
    return field_kind(field, mark) == FieldKind::text;
  });
}

// If commas are decimal marks, they can also be separators only if some fields with a decimal comma
// are quoted, or if there are as many names above the fields. "height, m" above 1,5 is one name.
bool suits(const Cut& cut, const std::vector<std::string>& records, DecimalMark mark) {
  if (mark == DecimalMark::point || cut.separator != ',') return true;
  if (cut.has_decimal_commas()) return true;
  if (records.size() < 2 || cut.first().size() != cut.second().size() || !cut.is_even())
    return false;
  const auto has_blank = [&](std::size_t i) { return records[i].find(", ") != std::string::npos; };
  return is_text(cut.first(), mark) && (!has_blank(0) || has_blank(1));
}

// The separator that splits all rows into the same number of fields, more than one; if there are
// several, the one with the fewest texts. Failing that, one that occurs in the first record, so
// that a row of the wrong length is reported as such.
Cut best_cut(const std::vector<std::string>& records, DecimalMark mark) {
  std::optional<Cut> even, occurring;
  std::size_t fewest = std::numeric_limits<std::size_t>::max();
  bool single = records.size() > 1;
  for (const char separator : {'\t', ',', ';', ' '}) {
    Cut cut{separator, {}};
    for (const std::string& record : records) cut.records.push_back(fields_of(record, separator));
    if (!suits(cut, records, mark)) continue;
    single = single && cut.is_even() && cut.second().size() == 1;
    if (!cut.is_even() || cut.second().size() < 2) {
      if (cut.first().size() > 1 && !occurring) occurring = std::move(cut);
      continue;
    }
    // A header that is not split like the rows counts as half a text.
    const std::size_t texts =
        2 * cut.texts(mark) + (cut.first().size() == cut.second().size() ? 0 : 1);
    if (texts >= fewest) continue;
    fewest = texts;
    even = std::move(cut);
  }
  if (even) return std::move(*even);
  if (occurring && !(single && is_text(occurring->first(), mark))) return std::move(*occurring);
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

// Whether the fields from `first` on are 0, 1, 2, ..., the default names of unnamed columns.
bool counts_columns(const Fields& fields, std::size_t first) {
  for (std::size_t i = first; i < fields.size(); ++i)
    if (fields[i] != std::to_string(i - first)) return false;
  return true;
}

// The first record is a header if all its fields are text, or one is where the second has a number.
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

// Whether the first record holds class names from the third field on, where the rows have numbers.
bool names_classes(const Cut& cut, DecimalMark mark) {
  const Fields &first = cut.first(), &second = cut.second();
  for (std::size_t i = 2; i < first.size(); ++i)
    if (field_kind(first[i], mark) != FieldKind::text ||
        field_kind(second[i], mark) != FieldKind::number)
      return false;
  return first.size() > 2;
}

// The number of rows that the first record announces: it holds the number of rows, the number of
// columns without the label and perhaps class names. One that is as long as the rows may be a
// header, so that it must name classes.
std::optional<double> announced_rows(const Cut& cut, DecimalMark mark, Header header) {
  const Fields& first = cut.first();
  const std::size_t columns = cut.second().size();
  if (cut.records.size() < 2 || first.size() < 2) return std::nullopt;
  if (first.size() == columns && (header == Header::yes || !names_classes(cut, mark)))
    return std::nullopt;
  if (parsed_number(first[1], DecimalMark::point) != static_cast<double>(columns) - 1)
    return std::nullopt;
  return parsed_number(first[0], DecimalMark::point);
}

// Whether the first fields of the rows are names: texts, or 1, 2, 3, ... in quotes, as R numbers
// rows. In "EUR 1,50" the comma does not end a name.
bool begin_with_names(const Cut& cut, const std::vector<std::string>& records, DecimalMark mark) {
  bool all_texts = true, all_counts = true;
  for (std::size_t i = 1; i < records.size(); ++i) {
    const std::string& field = cut.records[i][0];
    const bool quoted = records[i][0] == '"';
    const bool amount = !quoted && cut.separator == ',' && !field.empty() &&
                        std::string_view("0123456789").find(field.back()) != std::string::npos;
    all_texts = all_texts && !amount && field_kind(field, mark) == FieldKind::text;
    all_counts = all_counts && quoted && field == std::to_string(i);
  }
  return all_texts || all_counts;
}

// Whether the rows have one field more than the header, and not just a separator at their ends.
// Below a header of one field, what looks like a name and a number may be a decimal comma.
bool has_row_names(const Cut& cut, const std::vector<std::string>& records, DecimalMark mark) {
  if (cut.records.size() < 2 || cut.first().size() + 1 != cut.second().size()) return false;
  if (!is_text(cut.first(), mark)) return false;
  if (cut.first().size() == 1 && !begin_with_names(cut, records, mark)) return false;
  return std::any_of(cut.records.begin() + 1, cut.records.end(),
                     [](const Fields& fields) { return !fields.back().empty(); });
}

}  // namespace

CsvLayout find_layout(const std::vector<std::string>& records, Header header, DecimalMark mark) {
  const Cut cut = best_cut(records, mark);
  CsvLayout layout;
  layout.separator = cut.separator;
  layout.columns = cut.first().size();
  layout.doubtful_commas =
      mark == DecimalMark::comma && cut.separator == ',' && !cut.has_decimal_commas();
  layout.header = header == Header::yes;
  if (header == Header::no) return layout;
  if (has_row_names(cut, records, mark)) {
    layout.columns = cut.second().size();
    layout.header = layout.row_names = true;
    return layout;
  }
  layout.announced_rows = announced_rows(cut, mark, header);
  if (layout.announced_rows) {
    layout.maybe_header = cut.first().size() == cut.second().size();
    layout.columns = cut.second().size();
    layout.header = false;
  } else if (header == Header::automatic) {
    find_header(cut, mark, &layout);
  }
  return layout;
}

}  // namespace pushforward
