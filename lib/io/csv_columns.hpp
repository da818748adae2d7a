// The columns of a text file, as they are read row by row.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "io/narrowing.hpp"
#include "io/table.hpp"

namespace pushforward {

// The columns that make /x: numbers, and texts that become indicators. A number that is missing is
// the mean of the others in its column, and so are the indicators of a text that is missing.
class NumberColumns {
 public:
  struct Column {
    std::size_t place;        // in the file, from 0
    std::string name;         // may be empty
    bool indicators = false;  // of each text, in the order of the texts
  };
  NumberColumns(std::vector<Column> columns, ElementType type);

  [[nodiscard]] const std::vector<Column>& columns() const { return columns_; }

  // Each row adds something to every column, in order.
  void add_number(std::size_t column, double value);
  void add_text(std::size_t column, const std::string& text);
  void add_missing(std::size_t column);

  // Error(invalid), beginning with `file`, for a column without any value and one of too many
  // texts.
  [[nodiscard]] NamedArray dataset(const std::string& file, bool named) const;
  // One line for each column with missing values: how many, and what was put there.
  [[nodiscard]] std::vector<std::string> filled() const;
  // The places of those values in the dataset (Table::filled).
  [[nodiscard]] std::vector<std::size_t> filled_places() const;
  // What float32 loses (io/narrowing.hpp).
  [[nodiscard]] std::string lost() const { return narrowed_.remark(file_names_); }

 private:
  struct Tally {
    std::size_t count = 0, missing = 0;
    double sum = 0;
    std::map<std::string, std::size_t> texts;  // how many rows have each
    std::map<std::string, double> codes;       // in the order of their first rows
  };
  void put(double value);
  template <class T>
  [[nodiscard]] Array array(const std::vector<T>& cells) const;
  [[nodiscard]] std::size_t width() const;

  std::vector<Column> columns_;
  std::vector<Tally> tallies_;
  ElementType type_;
  std::vector<float> narrow_;  // cells row by row: a number, or the code of a text; NaN: missing
  std::vector<double> wide_;
  NarrowedColumns narrowed_;
  std::vector<std::string> file_names_;  // of the file's columns
};

// The name of the dataset that holds the texts of a column: "/name", with a plain path. Error
// (invalid), beginning with `where`, for the names of datasets that programs write.
[[nodiscard]] std::string kept_path(const std::string& name, std::size_t place,
                                    const std::string& where);

// That dataset.
[[nodiscard]] NamedArray kept_texts(const std::string& path, const std::string& name,
                                    const std::vector<std::string>& texts);

}  // namespace pushforward
