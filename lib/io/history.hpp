// The history attribute: one line per program run, newest first.
#pragma once

#include <ctime>
#include <optional>
#include <string>
#include <vector>

#include "io/container.hpp"

namespace pushforward {

// The time given by SOURCE_DATE_EPOCH; none if it is unset or empty. Error(usage) unless it is a
// whole number of seconds from 1970 to the year 9999.
[[nodiscard]] std::optional<std::time_t> source_date();

// The history lines of a new container. A line is "2026-11-24T07:00:00Z command line"; the time is
// that of SOURCE_DATE_EPOCH if it is set. Lines are cut at 1000 bytes, and the oldest are dropped
// if all together do not fit into an attribute.
[[nodiscard]] std::vector<std::string> history_lines(const Provenance& provenance);

}  // namespace pushforward
