// Records of a text file: lines, except that a quoted field may hold line breaks. Lines end in LF
// or CR LF, or in CR alone if the first block of the file has no LF.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "io/input_file.hpp"

namespace pushforward {

class TextRecords {
 public:
  // Called with every comment and its line number.
  using CommentHandler = std::function<void(const std::string& text, std::size_t line)>;
  explicit TextRecords(const InputFile* file, CommentHandler on_comment = {});

  // The next record that is neither empty nor a comment, without its line break; false at the end.
  // line() is the line it began on, from 1. A comment is a line that begins with #, but not with an
  // error value of a spreadsheet.
  bool next(std::string* record);
  [[nodiscard]] std::size_t line() const { return record_line_; }

 private:
  bool fill();
  bool begins_comment();

  const InputFile* file_;
  CommentHandler on_comment_;
  std::string buffer_;
  char line_end_ = '\n';
  std::size_t at_ = 0;
  std::uint64_t offset_ = 0;
  std::size_t line_ = 1, record_line_ = 1;
};

// Splits a record at the separator, without the quotes and blanks around fields. The separator ' '
// stands for any run of blanks and tabs. The fields point into `record` or into *unquoted.
void split_record(const std::string& record, char separator, std::vector<std::string>* unquoted,
                  std::vector<std::string_view>* fields);

}  // namespace pushforward
