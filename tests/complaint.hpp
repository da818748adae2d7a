// What an action says that the data cannot be used.
#pragma once

#include <catch2/catch.hpp>
#include <functional>
#include <string>

#include "base/error.hpp"

namespace pushforward {

// The message of its Error, one line of status 1; "none" where it throws none.
inline std::string complaint(const std::function<void()>& action) {
  try {
    action();
  } catch (const Error& error) {
    CHECK(std::string(error.what()).find('\n') == std::string::npos);
    return error.what();
  }
  return "none";
}

}  // namespace pushforward
