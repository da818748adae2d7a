#include "io/csv_complaints.hpp"

namespace pushforward {
namespace {

// What a number with a decimal comma may mean.
std::string readings(std::string_view field) {
  const std::size_t comma = field.find(',');
  const std::string before(field.substr(0, comma)), after(field.substr(comma + 1));
  const bool thousands = after.size() == 3 && after.find_first_not_of("0123456789") == after.npos;
  return thousands ? "--decimal-comma reads it as " + before + "." + after + "; write " + before +
                         after + " if the comma sets thousands apart"
                   : "--decimal-comma reads it as one";
}

}  // namespace

std::string CsvComplaints::at(std::size_t line, std::size_t column) const {
  return at(line) + ", " +
         numbered_column(column, column < names_.size() ? names_[column] : std::string()) + ": ";
}

std::string CsvComplaints::length(std::size_t line, const std::string& record,
                                  std::size_t fields) const {
  std::string hint;
  if (options_.decimal == DecimalMark::point && layout_.separator == ',' && layout_.columns == 1 &&
      has_decimal_comma(record))
    hint = " (is it one number? " + readings(record) + ")";
  else if (layout_.columns == 1 && layout_.header)
    hint =
        " (a title above the rows must begin with #; numbers such as 1,5 need "
        "--decimal-comma)";
  return at(line) + " has " + std::to_string(fields) + " fields, the " +
         (layout_.row_names ? "second" : "first") + " line has " + std::to_string(layout_.columns) +
         hint;
}

std::string CsvComplaints::no_number(std::size_t line, std::size_t column,
                                     std::string_view field) const {
  if (field.empty()) return at(line, column) + "is empty, a number is wanted";
  return at(line, column) + shown_field(field) +
         (is_missing_number(field) ? " is a missing value" : " is not a number");
}

std::string CsvComplaints::no_number(std::size_t line, std::size_t column, std::string_view field,
                                     Line which) const {
  const std::string fault = no_number(line, column, field), number = std::to_string(column + 1);
  const bool maybe_header = which == Line::first && options_.header == Header::automatic &&
                            !layout_.header && !layout_.announced_rows;
  const std::string or_header = maybe_header ? "; --header yes takes the line as a header" : "";
  if (is_missing_number(field))
    return fault + " (--missing drop leaves such rows out, --missing mean fills in the mean of " +
           "the column, --drop " + number + " leaves the column out" + or_header + ")";
  if (options_.decimal == DecimalMark::point && has_decimal_comma(field))
    return fault + " (" + readings(field) + or_header + ")";
  if (options_.decimal == DecimalMark::comma &&
      parsed_number(field, DecimalMark::point).has_value())
    return at(line, column) + shown_field(field) +
           " has a decimal point, and --decimal-comma was given";
  if (!names_.empty() && names_[column].empty())
    return fault + " (a column without a name may hold names of rows: --drop " + number +
           " leaves it out, --keep " + number + " passes them on)";
  return fault + " (of texts, --label-column " + number + " makes classes, --one-hot " + number +
         " columns of 0 and 1, and --keep " + number + " passes them on" + or_header + ")";
}

std::string CsvComplaints::not_finite(std::size_t line, std::size_t column,
                                      std::string_view field) const {
  return at(line, column) + shown_field(field) + " is not a finite number of its type";
}

std::string CsvComplaints::missing_text(std::size_t line, std::size_t column,
                                        std::string_view field, const char* what) const {
  return at(line, column) + "the " + what + " " + (field.empty() ? "" : shown_field(field) + " ") +
         "is missing (--missing drop leaves such rows out)";
}

}  // namespace pushforward
