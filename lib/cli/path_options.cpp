#include "cli/path_options.hpp"

#include "base/error.hpp"

namespace pushforward {

void add_path(CommandLine& line, PathOptions* o) {
  line.integers("between", &o->between, {0, 2147483647}, "A,B,...",
                "write rows on the way from row A of --encode INPUT to row B, counted from 0, "
                "through noise");
  line.choice("path", &o->path, {"spherical", "linear"},
              "of --between; spherical where the noise is normal unless given");
}

std::optional<RowPath> asked_path(const CommandLine& line, const PathOptions& options,
                                  std::int64_t steps, PathKind otherwise, const RowReader* rows) {
  if (!line.given("between")) {
    if (line.given("path")) fail_usage("--path needs --between A,B");
    return std::nullopt;
  }
  if (rows == nullptr) fail_usage("--between needs --encode INPUT, whose rows it goes between");
  if (options.between.size() < 2)
    fail_usage("option --between: give two rows or more, such as 0,1");
  RowPath path;
  for (const int row : options.between) {
    if (static_cast<std::size_t>(row) >= rows->rows())
      fail_invalid(rows->container().name() + ": has " + std::to_string(rows->rows()) +
                   " rows, counted from 0; there is no row " + std::to_string(row) +
                   " to go between");
    path.through.push_back(static_cast<std::uint64_t>(row));
  }
  path.steps = static_cast<std::uint64_t>(steps);
  path.kind = options.path.empty()       ? otherwise
              : options.path == "linear" ? PathKind::linear
                                         : PathKind::spherical;
  return path;
}

}  // namespace pushforward
