// The kind and value of a field of a text file.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace pushforward {

enum class DecimalMark { point, comma };

// The whole field as a number, nan and inf included; empty if it is none. A number too large for a
// double is infinite, one too small is 0.
[[nodiscard]] std::optional<double> parsed_number(std::string_view field, DecimalMark mark);

// Whether the text begins with an error value of a spreadsheet (#N/A, #DIV/0!, #REF!, #VALUE!,
// #NAME?, #NUM!, #NULL!), followed by its end, a blank or a separator.
[[nodiscard]] bool begins_with_spreadsheet_error(std::string_view text);

// Whether the field stands for a missing value: empty, NA, nan, ?, null, None, -, an error value of
// a spreadsheet and the like.
[[nodiscard]] bool is_missing_number(std::string_view field);
// The same for a class name, which may be None or -.
[[nodiscard]] bool is_missing_class(std::string_view field);

// "1,5": whether the field would be a number if its comma were a point.
[[nodiscard]] bool has_decimal_comma(std::string_view field);

// What a field looks like: a number, a missing value, a number in a notation that is not read
// ("1.0D+01", "12%", "True"), or anything else, such as a name.
enum class FieldKind { number, missing, odd, text };
[[nodiscard]] FieldKind field_kind(std::string_view field, DecimalMark mark);

// The text for a message: in UTF-8, on one line, and cut to 40 bytes.
[[nodiscard]] std::string shown_text(std::string_view field);
// The same in quotes.
[[nodiscard]] std::string shown_field(std::string_view field);

// "column 3 (age)", counted from 1, for a message; without a name "column 3".
[[nodiscard]] std::string numbered_column(std::size_t column, std::string_view name);

}  // namespace pushforward
