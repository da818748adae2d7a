// Paths that name a stream the process was given.
#pragma once

#include <string>

namespace pushforward {

// The descriptor of this process that a path such as /dev/stderr or /proc/self/fd/3 names, through
// links; else -1.
[[nodiscard]] int named_descriptor(const std::string& path);

}  // namespace pushforward
