// The rows of a container in the order of one of their numbers.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "io/container.hpp"

namespace pushforward {

enum class Direction { ascending, descending };

// The numbers of the rows in the order of `key`: a dataset with one number per row ("/log_density")
// or a column of the main dataset by its name. Rows that compare equal keep their order, and those
// whose number is NaN come last. Error(invalid), naming the file, if there is no such key.
[[nodiscard]] std::vector<std::size_t> sorted_rows(const ContainerReader& reader,
                                                   const std::string& key, Direction direction);

// These rows of a dataset, in this order.
[[nodiscard]] Array gathered_rows(const ContainerReader& reader, const DatasetInfo& info,
                                  const std::vector<std::size_t>& rows);

}  // namespace pushforward
