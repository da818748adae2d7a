// The history attribute: one line for each program run, newest first.
#pragma once

#include <ctime>
#include <optional>
#include <string>
#include <vector>

#include "io/container.hpp"

namespace pushforward {

// The time that SOURCE_DATE_EPOCH gives; none where it is unset or empty. Error(usage) for anything
// but whole seconds since 1970, up to the year 9999.
[[nodiscard]] std::optional<std::time_t> source_date();

// The lines a container gets. A line is "2026-11-24T07:00:00Z command line"; the time is that of
// SOURCE_DATE_EPOCH if it is set. Lines are cut at 1000 bytes and the oldest are dropped when all
// together no longer fit an attribute.
[[nodiscard]] std::vector<std::string> history_lines(const Provenance& provenance);

}  // namespace pushforward
