// Paths that name an open descriptor of this process.
#pragma once

#include <string>

namespace pushforward {

// The descriptor that a path such as /dev/stderr or /proc/self/fd/3 names, if need be through
// symbolic links; -1 if it names none.
[[nodiscard]] int named_descriptor(const std::string& path);

}  // namespace pushforward
