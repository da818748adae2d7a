// Names of columns and of classes, as attributes hold them.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "io/container.hpp"

namespace pushforward {

// The names with commas between them, which is the text of the attributes "columns" and "classes".
// A comma inside a name is written as \x2c, and a NUL as \x00; a backslash before an x is written
// as \x5c. All else stands as it is.
[[nodiscard]] std::string join_names(const std::vector<std::string>& names);

// The names in such a text.
[[nodiscard]] std::vector<std::string> split_names(const std::string& text);

// The `count` names in an attribute of a dataset: the text above, or an array of texts, a name
// each, as other programs write them. Empty if it has no such attribute, or another number of
// names.
[[nodiscard]] std::vector<std::string> read_names(const ContainerReader& reader,
                                                  const std::string& path,
                                                  const std::string& attribute, std::size_t count);

// Takes the attributes "columns" and "classes" of a dataset over to one that holds the same columns
// or labels, and has been written.
void copy_names(const ContainerReader& reader, const std::string& from, ContainerWriter* writer,
                const std::string& to);
// The same as attributes of a NamedArray (io/table.hpp).
[[nodiscard]] std::vector<std::pair<std::string, std::string>> stored_names(
    const ContainerReader& reader, const std::string& path);

}  // namespace pushforward
