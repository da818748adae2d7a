// An option that was given and that the chosen method does not look at.
#pragma once

#include <string>
#include <vector>

#include "base/error.hpp"
#include "base/text.hpp"

namespace pushforward {

// "hmc does", "mala, hmc do".
[[nodiscard]] inline std::string users_do(const std::vector<std::string>& users) {
  return joined(users) + (users.size() > 1 ? " do" : " does");
}

// Error(usage) for it; `instead` says what does use it, as users_do() has it.
[[noreturn]] inline void fail_unused(const std::string& option, const std::string& method,
                                     const std::string& instead) {
  fail_usage("option --" + option + ": --method " + method + " does not use it; " + instead);
}

}  // namespace pushforward
