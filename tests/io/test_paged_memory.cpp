// Rows that stay on disk.
#include <algorithm>
#include <catch2/catch.hpp>
#include <cstdlib>
#include <numeric>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "io/paged_memory.hpp"
#include "io/temporary_folder.hpp"

using namespace pushforward;
using pushforward::testing::TemporaryFolder;

namespace {

// TMPDIR for as long as it lives.
struct TemporaryFiles {
  explicit TemporaryFiles(const std::string& folder) { setenv("TMPDIR", folder.c_str(), 1); }
  ~TemporaryFiles() { unsetenv("TMPDIR"); }
};

}  // namespace

TEST_CASE("paged memory is zeros, holds what is written and leaves no file", "[paged_memory]") {
  const TemporaryFolder folder;
  const TemporaryFiles inside(folder / "");
  constexpr std::size_t count = 3 << 20;
  int* const memory = static_cast<int*>(allocate_paged(count * sizeof(int)));
  CHECK(std::count(memory, memory + count, 0) == count);
  std::iota(memory, memory + count, 5);
  int different = 0;
  for (std::size_t i = 0; i < count; ++i) different += memory[i] != static_cast<int>(i) + 5;
  CHECK(different == 0);
  CHECK(folder.files() == 0);
  free_paged(memory, count * sizeof(int));
}

TEST_CASE("what paged memory cannot have is an error of one line", "[paged_memory]") {
  const TemporaryFolder folder;
  const auto message = [](std::size_t bytes) {
    try {
      free_paged(allocate_paged(bytes), bytes);
    } catch (const Error& error) {
      return std::string(error.what());
    }
    return std::string();
  };
  {
    const TemporaryFiles nowhere(folder / "none");
    CHECK(message(4096).find("none: no temporary file of") != std::string::npos);
  }
  const TemporaryFiles inside(folder / "");
  CHECK(message(std::size_t{1} << 60).find("no temporary file of") != std::string::npos);
  CHECK(folder.files() == 0);
}
