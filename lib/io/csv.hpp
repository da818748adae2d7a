// Tables of numbers in text: CSV, TSV, columns separated by blanks.
#pragma once

#include <string>

#include "io/column_choice.hpp"
#include "io/csv_layout.hpp"
#include "io/input_file.hpp"
#include "io/table.hpp"

namespace pushforward {

enum class MissingValues { refuse, drop_rows, mean };

struct CsvOptions {
  Header header = Header::automatic;
  DecimalMark decimal = DecimalMark::point;
  std::string label_column;  // a name or number as in ColumnChoice; empty: none
  ColumnChoice choice;       // of the other columns; may include the label
  std::string keep;          // columns that stay texts, as a list of ColumnChoice
  std::string one_hot;       // columns whose texts become columns of 0 and 1, as such a list
  MissingValues missing = MissingValues::refuse;
  ElementType type = ElementType::float32;  // or float64
};

// Returns /x [rows, columns] without the label column, which becomes /label [rows] (io/labels.hpp).
// Column names are kept in the attribute "columns" of /x (io/names.hpp). A kept column is a
// dataset of texts of its name (io/texts.hpp). A column of `one_hot` becomes one for each of its
// texts, in their order, with the name "sex=female": 1 where a row has the text, else 0. It stands
// where the column stood if that is chosen, else behind the chosen ones.
//
// With MissingValues::mean a missing number becomes the mean of its column, and a missing text of
// `one_hot` the shares of the texts among the others; a missing label is an error.
//
// Fields are separated by tabs, commas, semicolons or blanks, whichever splits the first lines into
// equal numbers of fields, and may be quoted as in RFC 4180. Empty lines and lines that begin with
// # are skipped, unless that begins an error value of a spreadsheet such as #N/A. The text may be
// UTF-16; names that are not UTF-8 are taken as Windows-1252.
//
// The first line is a header if all its fields are text, or if one is text where the second line
// has a number. Without any text it is a row, even if numbers are missing or odd. If the header is
// one field shorter than the rows (R's write.table), the first column holds row names and is left
// out unless chosen; if that header is a single field, the rows must begin with text or with "1",
// "2", ... in quotes. A first line with the number of rows, the number of columns without the label
// and perhaps class names (scikit-learn's files) is skipped if it is not as long as the rows or if
// it names classes above numbers; Error(invalid) if it counts the rows wrong. Whatever is doubtful
// or left out gives a warning.
//
// Error(invalid), with line and column counted from 1, for lines of another length, missing labels,
// and fields of the chosen columns that are not finite numbers. It reports the first fault of each
// kind in each column (io/csv_faults.hpp).
[[nodiscard]] Table read_csv(const InputFile& file, const CsvOptions& options);

}  // namespace pushforward
