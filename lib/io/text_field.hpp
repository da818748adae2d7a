// What one field of a text file is.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace pushforward {

enum class DecimalMark { point, comma };

// The whole field as a number; nan and inf are numbers here. A number too large for a double is
// infinite, one too small is 0.
[[nodiscard]] std::optional<double> parsed_number(std::string_view field, DecimalMark mark);

// Does the text begin with a word that spreadsheets write for an error (#N/A, #DIV/0!, #REF!,
// #VALUE!, #NAME?, #NUM!, #NULL!) and then end, or go on with a blank or a separator?
[[nodiscard]] bool begins_with_spreadsheet_error(std::string_view text);

// Does it stand for a value that is not there: empty, NA, nan, ?, null, None, -, a spreadsheet's
// error and the like?
[[nodiscard]] bool is_missing_number(std::string_view field);
// The same for a class, which may be called None or -.
[[nodiscard]] bool is_missing_class(std::string_view field);

// "1,5": a number, were its comma a point.
[[nodiscard]] bool has_decimal_comma(std::string_view field);

// What a field looks like: a number; a missing one; a number in a notation that is not read
// ("1.0D+01", "12%", "True"); or anything else, such as a name.
enum class FieldKind { number, missing, odd, text };
[[nodiscard]] FieldKind field_kind(std::string_view field, DecimalMark mark);

// The field in quotes for a message, cut to 40 characters.
[[nodiscard]] std::string shown_field(std::string_view field);

}  // namespace pushforward
