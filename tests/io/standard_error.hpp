// What an action writes to standard error.
#pragma once

#include <unistd.h>

#include <catch2/catch.hpp>
#include <cstdio>
#include <string>

#include "io/temporary_folder.hpp"

namespace pushforward::testing {

// `file` holds it for a while.
template <class Act>
[[nodiscard]] std::string said(const std::string& file, const Act& act) {
  std::fflush(stderr);
  const int kept = dup(STDERR_FILENO);
  REQUIRE(std::freopen(file.c_str(), "w", stderr) != nullptr);
  act();
  std::fflush(stderr);
  dup2(kept, STDERR_FILENO);
  close(kept);
  return bytes_of(file);
}

}  // namespace pushforward::testing
