// Numbers in lines of text: CSV, TSV, columns between blanks.
#pragma once

#include <functional>
#include <string>

#include "io/input_file.hpp"
#include "io/table.hpp"

namespace pushforward {

enum class Header { automatic, yes, no };

struct CsvOptions {
  Header header = Header::automatic;
  std::string label_column;  // its name or its number from 1, from the end if negative; or empty
  ElementType type = ElementType::float32;  // or float64
  // Told what float32 loses of a column (io/narrowing.hpp); may be empty.
  std::function<void(const std::string&)> warn;
};

// /x [lines, columns], without the label column, which becomes /label [lines]: whole numbers as
// they are (int64), texts as their places in the sorted list of all of them, kept in the attribute
// "classes". Names of columns are kept in the attribute "columns" of /x. Lists are comma-separated.
//
// Fields are separated by tabs, commas, semicolons or blanks (whichever cuts the first lines into
// equally many fields) and may be quoted as in RFC 4180. Lines that are empty or begin with # are
// passed over. The first line is a header if the fields of it are not numbers. One of another
// length that holds the number of rows, the number of columns less one (the label) and perhaps
// more, as in scikit-learn's files, is passed over; it is an Error if the rows are not as many.
// Errors name line and column, counted from 1.
[[nodiscard]] Table read_csv(const InputFile& file, const CsvOptions& options);

}  // namespace pushforward
