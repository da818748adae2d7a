// What is said of the lines and fields of a text file that cannot be read, and what would help.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "io/csv.hpp"

namespace pushforward {

class CsvComplaints {
 public:
  // All must outlive this.
  CsvComplaints(const std::string& file, const CsvOptions& options, const CsvLayout& layout,
                const std::vector<std::string>& names)
      : file_(file), options_(options), layout_(layout), names_(names) {}

  // "file: line 7", the beginning of every message.
  [[nodiscard]] std::string at(std::size_t line) const {
    return file_ + ": line " + std::to_string(line);
  }
  // "file: line 7, column 2 (bmi): ".
  [[nodiscard]] std::string at(std::size_t line, std::size_t column) const;

  // Of a line with another number of fields than the rows have.
  [[nodiscard]] std::string length(std::size_t line, const std::string& record,
                                   std::size_t fields) const;
  // Of a field that is missing or not a number, and what would help. The first line of the file
  // may be a header.
  enum class Line { first, other };
  [[nodiscard]] std::string no_number(std::size_t line, std::size_t column, std::string_view field,
                                      Line which) const;
  // The same without what would help.
  [[nodiscard]] std::string no_number(std::size_t line, std::size_t column,
                                      std::string_view field) const;
  [[nodiscard]] std::string not_finite(std::size_t line, std::size_t column,
                                       std::string_view field) const;
  // Of a missing text, which is a `what` ("label").
  [[nodiscard]] std::string missing_text(std::size_t line, std::size_t column,
                                         std::string_view field, const char* what) const;

 private:
  const std::string& file_;
  const CsvOptions& options_;
  const CsvLayout& layout_;
  const std::vector<std::string>& names_;
};

}  // namespace pushforward
