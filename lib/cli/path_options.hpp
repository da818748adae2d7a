// The options of a path between rows, of programs that map rows to noise and back.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/row_path.hpp"
#include "cli/command_line.hpp"
#include "io/rows.hpp"

namespace pushforward {

constexpr std::int64_t default_path_steps = 8, max_path_steps = 10000;

struct PathOptions {
  std::vector<int> between;
  std::string path;  // empty: `otherwise` of asked_path
};

// --between and --path.
void add_path(CommandLine& line, PathOptions* options);

// After parsing: the path through rows of `rows`; none without --between. Error(usage) for fewer
// than two rows or a --path without them, Error(invalid) for a row that `rows` does not have.
[[nodiscard]] std::optional<RowPath> asked_path(const CommandLine& line, const PathOptions& options,
                                                std::int64_t steps, PathKind otherwise,
                                                const RowReader* rows);

}  // namespace pushforward
