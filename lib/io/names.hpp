// Names of columns and classes in attributes.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "io/container.hpp"

namespace pushforward {

// The text of the attributes "columns" and "classes": the names, separated by commas. Within a name
// a comma is written as \x2c, a NUL as \x00, and a backslash before an x as \x5c.
[[nodiscard]] std::string join_names(const std::vector<std::string>& names);

// The inverse of join_names().
[[nodiscard]] std::vector<std::string> split_names(const std::string& text);

// The `count` names in an attribute of a dataset: a text as above, or an array with one text per
// name, as other programs write them. Empty if there is no such attribute, or the number of names
// is another.
[[nodiscard]] std::vector<std::string> read_names(const ContainerReader& reader,
                                                  const std::string& path,
                                                  const std::string& attribute, std::size_t count);

// The names of the columns of rows, and those of their classes; empty where there are none.
struct RowNames {
  std::vector<std::string> columns, classes;
};

// The names of the main dataset, with `columns` numbers a row, and the classes of the labels at
// `labels`, if there are any.
[[nodiscard]] RowNames names_of_rows(const ContainerReader& reader, std::size_t columns,
                                     const std::string& labels);

// Gives them to /x and `labels` of an output, where it has these.
void set_row_names(const RowNames& names, const std::string& labels, ContainerWriter* writer);

// Copies the attributes "columns" and "classes" of a dataset to one that has been written and holds
// the same columns or labels.
void copy_names(const ContainerReader& reader, const std::string& from, ContainerWriter* writer,
                const std::string& to);
// These attributes, for a NamedArray (io/table.hpp).
[[nodiscard]] std::vector<std::pair<std::string, std::string>> stored_names(
    const ContainerReader& reader, const std::string& path);

}  // namespace pushforward
