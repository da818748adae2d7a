// Classes of rows, from texts.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "io/table.hpp"
#include "io/text_field.hpp"

namespace pushforward {

// /label [N] of one text a row: whole numbers as they are ("7", "7.0" and "+7" are 7), int64. If
// one is none, each label is the place of its text, from 0, in the sorted list of all of them,
// which is kept in the attribute "classes" (io/names.hpp).
class Labels {
 public:
  explicit Labels(DecimalMark mark) : mark_(mark) {}

  // `line` is where it stands, for the remark.
  void add(const std::string& text, std::size_t line);
  [[nodiscard]] NamedArray dataset() const;
  // Says of labels that are whole numbers but for some which; empty otherwise.
  [[nodiscard]] std::string remark() const;

 private:
  DecimalMark mark_;
  std::vector<std::string> texts_;
  std::vector<std::int64_t> numbers_;  // of the whole ones
  std::string first_text_;             // that is no whole number
  std::size_t first_line_ = 0;
};

}  // namespace pushforward
