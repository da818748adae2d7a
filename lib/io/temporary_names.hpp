// Names of temporary files, which are removed when a signal ends the process.
#pragma once

#include <string>

namespace pushforward {

// Until it is forgotten, the file at this path is unlinked when a stop signal ends the process.
// Signals that the program catches or ignores are left alone: then destructors remove the file.
void remember_temporary_name(const std::string& path);
void forget_temporary_name(const std::string& path);

}  // namespace pushforward
