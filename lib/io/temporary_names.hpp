// Names of temporary files that a deadly signal shall remove.
#pragma once

#include <string>

namespace pushforward {

// Until forgotten, the file of this name is unlinked when a stop signal ends the process. A signal
// the program has caught or ignored stays as it is: whoever caught it unwinds.
void remember_temporary_name(const std::string& path);
void forget_temporary_name(const std::string& path);

}  // namespace pushforward
