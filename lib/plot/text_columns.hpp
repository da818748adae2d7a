// Columns of a table of text, by their names in the first line.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace pushforward {

struct TextColumns {
  std::string name;                             // of the file
  std::vector<std::size_t> lines;               // the line of each row, from 1
  std::vector<std::vector<std::string>> texts;  // for each column asked for, one text per row

  // The numbers of a column; NaN where a text is empty or "-". Error(invalid), naming the line.
  [[nodiscard]] std::vector<double> numbers(std::size_t column) const;
};

// Reads a file with values separated by tabs, commas, semicolons or blanks: the separator for which
// the columns asked for are fields of the first line. "-" is standard input. Error(invalid), naming
// the line, if a column is missing or a line has not as many fields as the first.
[[nodiscard]] TextColumns read_text_columns(const std::string& file,
                                            const std::vector<std::string>& columns);

}  // namespace pushforward
