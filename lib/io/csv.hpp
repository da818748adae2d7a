// Numbers in lines of text: CSV, TSV, columns between blanks.
#pragma once

#include <string>

#include "io/column_choice.hpp"
#include "io/csv_layout.hpp"
#include "io/input_file.hpp"
#include "io/table.hpp"

namespace pushforward {

enum class MissingValues { refuse, drop_rows };

struct CsvOptions {
  Header header = Header::automatic;
  DecimalMark decimal = DecimalMark::point;
  std::string label_column;  // one of a ColumnChoice, or empty
  ColumnChoice choice;       // of the other columns; the label may stand among them
  MissingValues missing = MissingValues::refuse;
  ElementType type = ElementType::float32;  // or float64
};

// /x [lines, columns], without the label column, which becomes /label [lines] (io/labels.hpp).
// Names of columns are kept in the attribute "columns" of /x (io/names.hpp).
//
// Fields are separated by tabs, commas, semicolons or blanks (whichever cuts the first lines into
// equally many fields) and may be quoted as in RFC 4180. Lines that are empty or begin with #, but
// not with an error value of a spreadsheet such as #N/A, are passed over. The text may be UTF-16;
// names that are not UTF-8 are made so.
//
// The first line is a header if all its fields are texts, or if one is a text where the second line
// has a number. A line with a missing or an odd number and no text is a row. Where the header is
// one field short (R's write.table), the first column is names of rows and is left out unless
// chosen; a header of one field needs rows that begin with texts or with "1", "2", ... in quotes. A
// first line that holds the number of rows, the number of columns less one (the label) and perhaps
// more, as in scikit-learn's files, is passed over if it has another length or names classes above
// numbers; it is an Error if the rows are not as many. Whatever is doubtful or left out is a
// warning.
//
// Errors name line and column, counted from 1: fields of the columns wanted that are no finite
// numbers, missing labels, lines of another length.
[[nodiscard]] Table read_csv(const InputFile& file, const CsvOptions& options);

}  // namespace pushforward
