// Work on bytes of unknown origin by libraries that can crash on them.
#pragma once

#include <functional>
#include <string>

namespace pushforward {

// Runs `work` in a child process and returns what it returns. What it throws is thrown here, as an
// Error of the same kind and message. A child that is ended by a signal, or spends more than
// `seconds` of processor time, becomes Error(invalid, damaged). May be called by several threads at once.
[[nodiscard]] std::string run_guarded(const std::function<std::string()>& work,
                                      const std::string& damaged, unsigned seconds);

}  // namespace pushforward
