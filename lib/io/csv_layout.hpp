// The layout of a text file of numbers: separator, header, row names.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "io/text_field.hpp"

namespace pushforward {

enum class Header { automatic, yes, no };

// Found from the first records of a file.
struct CsvLayout {
  char separator = ',';
  std::size_t columns = 0;  // fields of a row
  bool header = false;      // the first record holds names
  // The header is one field shorter than the rows, whose first fields are row names (R's
  // write.table).
  bool row_names = false;
  // The first record is no header: it holds this number of rows and the number of columns without
  // the label, and may name classes (scikit-learn's files).
  std::optional<double> announced_rows;
  bool maybe_header = false;  // that record is as long as a row
  // Commas separate although they were declared decimal marks, and no number has a decimal comma.
  bool doubtful_commas = false;
  std::string remark;  // what is doubtful about the first record, or empty
};

// `records` is not empty.
[[nodiscard]] CsvLayout find_layout(const std::vector<std::string>& records, Header header,
                                    DecimalMark mark);

}  // namespace pushforward
