// Datasets in memory that will be written as a tensor container.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "io/array.hpp"
#include "io/column_choice.hpp"
#include "io/container.hpp"

namespace pushforward {

struct NamedArray {
  std::string path;  // "/x"
  Array array;
  std::vector<std::pair<std::string, std::string>> attributes;  // text
  bool is_text = false;  // the bytes of one text per row (io/texts.hpp)
};

struct Table {
  std::vector<NamedArray> datasets;
  std::vector<std::string> history;  // of the container it came from, if any
  // The places in /x, counted row by row, of numbers that were missing in a text and stand for the
  // others of their column. Known while files are read, until rows or columns are chosen.
  std::vector<std::size_t> filled;

  [[nodiscard]] const NamedArray* find(const std::string& path) const;
  [[nodiscard]] NamedArray* find(const std::string& path);
};

// The number of rows of /x and of every other dataset. Error(invalid), beginning with `name`, if
// there is no /x with at least one row, or if a dataset has another number of rows.
[[nodiscard]] std::size_t require_rows(const Table& table, const std::string& name);

// Keeps the chosen columns of /x, with their names. Error(invalid), beginning with `name`, if /x is
// not [N, D].
void select_columns(const ColumnChoice& choice, const std::string& name, Table* table);

// Reverses the axes of every dataset; column names are lost.
void transpose(Table* table);

// /x [N, H, W, C] -> [N, C, H, W]. Error(invalid), beginning with `name`, if it has another rank.
void move_channels_first(const std::string& name, Table* table);

// The rows `order` of every dataset, in that order.
[[nodiscard]] Table select_rows(const Table& table, const std::vector<std::uint64_t>& order);

// Concatenates the rows of all tables. They must have the same datasets, types and row shapes;
// messages name the file that each table came from (`names`).
[[nodiscard]] Table join_rows(std::vector<Table> tables, const std::vector<std::string>& names);

void write_table(const Table& table, ContainerWriter* writer);

}  // namespace pushforward
