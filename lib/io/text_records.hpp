// Records of a text file: lines, except that a quoted field may hold line breaks. Lines end in LF
// or CR LF, or in CR alone where the beginning of the file has no LF.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "io/input_file.hpp"

namespace pushforward {

class TextRecords {
 public:
  explicit TextRecords(const InputFile* file);

  // The next record that is neither empty nor a comment (#), without its line break; false at the
  // end. line() is where it began, from 1.
  bool next(std::string* record);
  [[nodiscard]] std::size_t line() const { return record_line_; }

 private:
  bool fill();

  const InputFile* file_;
  std::string buffer_;
  char line_end_ = '\n';
  std::size_t at_ = 0;
  std::uint64_t offset_ = 0;
  std::size_t line_ = 1, record_line_ = 1;
};

// Cuts a record at the separator; blanks around fields and quotes are taken off. The separator ' '
// stands for any run of blanks and tabs. The views point into *record or into *unquoted.
void split_record(const std::string& record, char separator, std::vector<std::string>* unquoted,
                  std::vector<std::string_view>* fields);

}  // namespace pushforward
