// OpenBLAS as lanes call it: no threads of its own, the same numbers from many threads at once, and
// turns where memory holds one caller only.
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <new>
#include <string>

#include "base/lanes.hpp"
#include "base/linear_algebra.hpp"

using namespace pushforward;

namespace {

Matrix<double> numbers(std::size_t n) {
  Matrix<double> a({n, n});
  for (std::size_t i = 0; i < a.size(); ++i)
    a.data()[i] = static_cast<double>(i * 2654435761u % 1000) / 999;
  return a;
}

// Products computed by several threads at the same time that differ from one computed alone.
int different_products(int threads) {
  const Matrix<double> a = numbers(90), alone = matmul(a, a);
  std::atomic<int> different{0};
  Workers workers(threads);
  workers.run(400, [&](std::size_t, int) {
    const Matrix<double> product = matmul(a, a);
    if (!std::equal(product.begin(), product.end(), alone.begin())) ++different;
  });
  return different;
}

std::size_t address_space() {
  std::size_t pages = 0;
  std::ifstream("/proc/self/statm") >> pages;
  return pages * static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
}

std::string processors_of(const std::string& process) {
  std::ifstream status("/proc/" + process + "/status");
  for (std::string line; std::getline(status, line);)
    if (line.rfind("Cpus_allowed:", 0) == 0) return line;
  return process;
}

// The status of a child that may take so many bytes of address space more than it has.
int status_with(std::size_t more, int threads) {
  const pid_t child = fork();
  if (child == 0) {
    alarm(60);
    const rlimit limit{address_space() + more, address_space() + more};
    setrlimit(RLIMIT_AS, &limit);
    try {
      _exit(different_products(threads) == 0 ? 0 : 1);
    } catch (const std::bad_alloc&) {
      _exit(12);
    }
  }
  int status = 0;
  waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

}  // namespace

// First, while the pool of this process is empty.
TEST_CASE("without memory for a buffer, linear algebra is refused; with one, threads take turns") {
  constexpr std::size_t mib = std::size_t{1} << 20;
  CHECK(status_with(60 * mib, 1) == 12);
  CHECK(status_with(180 * mib, 3) == 0);
  CHECK(status_with(500 * mib, 3) == 0);
}

TEST_CASE("a program has no threads but its own, and all its processors") {
  const std::filesystem::directory_iterator tasks("/proc/self/task"), end;
  CHECK(std::distance(tasks, end) == 1);
  CHECK(different_products(1) == 0);
  CHECK(std::distance(std::filesystem::directory_iterator("/proc/self/task"), end) == 1);
  CHECK(processors_of("self") == processors_of(std::to_string(getppid())));
}

TEST_CASE("many threads at once get the numbers of one") { CHECK(different_products(4) == 0); }
