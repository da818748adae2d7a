// Labels of rows, from text.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "io/table.hpp"
#include "io/text_field.hpp"

namespace pushforward {

// Makes /label [N] int64 from one text per row. Whole numbers are kept ("7", "7.0" and "+7" are 7).
// If any text is not a whole number, each label is the index, from 0, of its text in the sorted
// list of all texts, which is kept in the attribute "classes" (io/names.hpp).
class Labels {
 public:
  explicit Labels(DecimalMark mark) : mark_(mark) {}

  // `line` is the line number, for the remark.
  void add(const std::string& text, std::size_t line);
  [[nodiscard]] NamedArray dataset() const;
  // For a warning: the first text that is not a whole number, if others are; empty otherwise.
  [[nodiscard]] std::string remark() const;

 private:
  DecimalMark mark_;
  std::vector<std::string> texts_;
  std::vector<std::int64_t> numbers_;  // of the texts that are whole numbers
  std::string first_text_;             // the first one that is not
  std::size_t first_line_ = 0;
};

}  // namespace pushforward
