// Lanes: every one once, exceptions in order, sums in a fixed tree.
#include <sched.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <catch2/catch.hpp>
#include <cstring>
#include <set>
#include <stdexcept>
#include <string>
#include <vector>

#include "base/instruction_set.hpp"
#include "base/lanes.hpp"

using namespace pushforward;

TEST_CASE("every lane is run once, by a worker of the team") {
  for (int threads : {1, 2, 5}) {
    Workers workers(threads);
    CHECK(workers.count() == threads);
    for (std::size_t lanes : {0u, 1u, 2u, 3u, 17u, 1000u}) {
      std::vector<std::atomic<int>> runs(lanes);
      std::atomic<bool> good{true};
      workers.run(lanes, [&](std::size_t lane, int worker) {
        if (worker < 0 || worker >= threads) good = false;
        ++runs[lane];
      });
      CHECK(good);
      bool once = true;
      for (const auto& count : runs) once = once && count == 1;
      CHECK(once);
    }
  }
}

TEST_CASE("a worker runs one lane at a time, and what lanes wrote is there afterwards") {
  Workers workers(3);
  std::vector<int> inside(3, 0), value(64, 0);  // not atomic: the fork and join order them
  std::atomic<bool> overlap{false};
  for (int round = 1; round <= 2000; ++round) {
    workers.run(64, [&](std::size_t lane, int worker) {
      int& mine = inside[static_cast<std::size_t>(worker)];
      if (++mine != 1) overlap = true;
      value[lane] = round;
      --mine;
    });
    int sum = 0;
    for (int v : value) sum += v;
    REQUIRE(sum == 64 * round);
  }
  CHECK_FALSE(overlap);
}

TEST_CASE("workers that slept wake up") {
  Workers workers(2);
  for (int round = 0; round < 5; ++round) {
    usleep(20000);
    std::atomic<int> count{0};
    workers.run(8, [&](std::size_t, int) {
      ++count;
      usleep(1000);
    });
    CHECK(count == 8);
  }
}

TEST_CASE("the exception of the lowest lane is thrown after all lanes have run") {
  for (int threads : {1, 4}) {
    Workers workers(threads);
    std::atomic<int> runs{0};
    const auto body = [&](std::size_t lane, int) {
      ++runs;
      if (lane % 5 == 2) throw std::runtime_error("lane " + std::to_string(lane));
    };
    for (int round = 1; round <= 20; ++round) {
      CHECK_THROWS_WITH(workers.run(50, body), "lane 2");
      CHECK(runs == 50 * round);
    }
    workers.run(2, body);  // nothing of it is left
  }
}

TEST_CASE("vectors are added in a tree that depends on their number alone") {
  // Numbers whose sum depends on the order.
  for (std::size_t count : {1u, 2u, 3u, 7u, 8u, 13u}) {
    std::vector<float> numbers;
    for (std::size_t i = 0; i < count; ++i)
      numbers.push_back(std::ldexp(1.0f + static_cast<float>(i) / 7, static_cast<int>(5 * i % 23)));
    std::vector<std::vector<float>> vectors;
    for (float x : numbers) vectors.push_back({x, -x, 1});
    std::vector<float*> pointers;
    for (auto& v : vectors) pointers.push_back(v.data());
    tree_add(pointers.data(), count, 3);
    // The same tree by recursion: a block of 2^k is its first half plus its second.
    const auto tree = [&](const auto& self, std::size_t first, std::size_t width) -> float {
      if (width == 1) return numbers[first];
      const float left = self(self, first, width / 2);
      return first + width / 2 < count ? left + self(self, first + width / 2, width / 2) : left;
    };
    std::size_t width = 1;
    while (width < count) width *= 2;
    CHECK(vectors[0][0] == tree(tree, 0, width));
    CHECK(vectors[0][1] == -vectors[0][0]);
    CHECK(vectors[0][2] == static_cast<float>(count));
  }
}

TEST_CASE("threads are those of the affinity mask") {
  CHECK(available_threads() >= 1);
  const pid_t child = fork();
  REQUIRE(child >= 0);
  if (child == 0) {
    cpu_set_t set;
    CPU_ZERO(&set);
    sched_getaffinity(0, sizeof set, &set);
    int first = 0;
    while (!CPU_ISSET(first, &set)) ++first;
    CPU_ZERO(&set);
    CPU_SET(first, &set);
    _exit(sched_setaffinity(0, sizeof set, &set) == 0 && available_threads() == 1 ? 0 : 1);
  }
  int status = 0;
  waitpid(child, &status, 0);
  CHECK(status == 0);
}

// Run by the test below, in a process of its own.
TEST_CASE("this process runs the baseline", "[.baseline]") {
  REQUIRE(instruction_set() == InstructionSet::baseline);
  REQUIRE(std::string(instruction_set_name()) == "baseline");
}
TEST_CASE("this process runs avx2", "[.avx2]") {
  REQUIRE(instruction_set() == InstructionSet::avx2);
  REQUIRE(std::string(instruction_set_name()) == "avx2");
}

TEST_CASE("a lower instruction set can be asked for, a higher one can not") {
  char path[4096] = {};
  REQUIRE(readlink("/proc/self/exe", path, sizeof path - 1) > 0);
  const auto run = [&](const char* set, const char* tag) {
    const std::string command = std::string("PUSHFORWARD_INSTRUCTION_SET=") + set + " '" + path +
                                "' '" + tag + "' >/dev/null";
    return std::system(command.c_str());
  };
  CHECK(run("baseline", "[.baseline]") == 0);
  const InstructionSet best = instruction_set();
  if (best == InstructionSet::avx512) CHECK(run("avx2", "[.avx2]") == 0);
  if (best == InstructionSet::avx2) CHECK(run("avx512", "[.avx2]") == 0);
  if (best == InstructionSet::baseline) CHECK(run("avx2", "[.baseline]") == 0);
}
