// Columns of a table of text, by the names in its first line.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace pushforward {

struct TextColumns {
  std::string name;                             // of the file
  std::vector<std::size_t> lines;               // where each row begins, from 1
  std::vector<std::vector<std::string>> texts;  // of each column asked for, a text a row

  // A column's numbers, NaN where a text is empty or "-". Error(invalid) naming the line.
  [[nodiscard]] std::vector<double> numbers(std::size_t column) const;
};

// A file of values between tabs, commas, semicolons or blanks, whichever make the columns asked for
// fields of its first line; "-" is standard input. Error(invalid) naming the line where a column is
// not there or a line has not as many fields as the first.
[[nodiscard]] TextColumns read_text_columns(const std::string& file,
                                            const std::vector<std::string>& columns);

}  // namespace pushforward
