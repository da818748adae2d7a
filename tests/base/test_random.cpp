// Random numbers: the published generator, on every instruction set, pure functions of their place.
#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <limits>
#include <vector>

#include "base/instruction_set.hpp"
#include "base/kernels/random.hpp"
#include "base/random.hpp"

using namespace pushforward;

namespace {

// The kernel tables that this processor can run, by name.
template <class T>
std::vector<std::pair<std::string, const RandomKernels<T>*>> tables();
template <>
std::vector<std::pair<std::string, const RandomKernels<float>*>> tables<float>() {
  std::vector<std::pair<std::string, const RandomKernels<float>*>> list = {
      {"baseline", &baseline::random_float}};
  if (instruction_set() != InstructionSet::baseline) list.push_back({"avx2", &avx2::random_float});
  if (instruction_set() == InstructionSet::avx512)
    list.push_back({"avx512", &avx512::random_float});
  return list;
}
template <>
std::vector<std::pair<std::string, const RandomKernels<double>*>> tables<double>() {
  std::vector<std::pair<std::string, const RandomKernels<double>*>> list = {
      {"baseline", &baseline::random_double}};
  if (instruction_set() != InstructionSet::baseline) list.push_back({"avx2", &avx2::random_double});
  if (instruction_set() == InstructionSet::avx512)
    list.push_back({"avx512", &avx512::random_double});
  return list;
}

template <class T>
std::vector<T> normal(const Random& random, std::size_t rows, std::size_t columns,
                      std::uint64_t first_row = 0, std::uint32_t step = 0) {
  std::vector<T> out(rows * columns);
  random.fill_normal(out.data(), rows, columns, first_row, step);
  return out;
}

template <class T>
std::vector<T> uniform(const Random& random, std::size_t rows, std::size_t columns,
                       std::uint64_t first_row = 0, std::uint32_t step = 0) {
  std::vector<T> out(rows * columns);
  random.fill_uniform(out.data(), rows, columns, first_row, step);
  return out;
}

double correlation(const std::vector<double>& a, const std::vector<double>& b) {
  double ab = 0, aa = 0, bb = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    ab += a[i] * b[i];
    aa += a[i] * a[i];
    bb += b[i] * b[i];
  }
  return ab / std::sqrt(aa * bb);
}

}  // namespace

TEST_CASE("words are Philox4x32-10 of Random123, by its known answers") {
  // kat_vectors of Random123: counter (row, stream and row, step, block), key (seed).
  const auto zero = Random(0, static_cast<Stream>(0)).words(0, 0, 0);
  CHECK(zero == std::array<std::uint32_t, 4>{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8});
  const auto ones = Random(~std::uint64_t{0}, static_cast<Stream>(0xffff))
                        .words(0xffffffffffff, 0xffffffff, 0xffffffff);
  CHECK(ones == std::array<std::uint32_t, 4>{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd});
  const auto digits = Random(0x299f31d0a4093822, static_cast<Stream>(0x85a3))
                          .words(0x08d3243f6a88, 0x13198a2e, 0x03707344);
  CHECK(digits == std::array<std::uint32_t, 4>{0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1});
}

TEMPLATE_TEST_CASE("the kernels of every instruction set make uniform numbers of those words", "",
                   float, double) {
  const std::size_t rows = 37, columns = 11;
  const std::uint64_t seed = 0x123456789abcdef, first = 0xfffffff0;  // rows beyond 32 bits
  const Random random(seed, Stream::sampler);
  for (const auto& [name, table] : tables<TestType>()) {
    INFO(name);
    std::vector<TestType> out(rows * columns);
    table->uniform(out.data(), rows, columns, seed, static_cast<std::uint16_t>(Stream::sampler),
                   first, 5);
    for (std::size_t i = 0; i < rows; ++i)
      for (std::size_t j = 0; j < columns; ++j) {
        const double exact = random.uniform(first + i, 5, static_cast<std::uint32_t>(j));
        const std::uint32_t word =
            random.words(first + i, 5, static_cast<std::uint32_t>(j / 4))[j % 4];
        REQUIRE(exact == (word + 0.5) / 4294967296.0);
        REQUIRE(out[i * columns + j] == static_cast<TestType>(exact));
      }
  }
}

TEMPLATE_TEST_CASE("normal numbers are Box and Muller's of the uniform ones, on every set", "",
                   float, double) {
  const std::size_t rows = 50, columns = 7;
  const double tolerance = 16 * static_cast<double>(std::numeric_limits<TestType>::epsilon());
  const Random random(9, Stream::base);
  std::vector<std::vector<TestType>> all;
  for (const auto& [name, table] : tables<TestType>()) {
    INFO(name);
    std::vector<TestType> out(rows * columns);
    table->normal(out.data(), rows, columns, 9, static_cast<std::uint16_t>(Stream::base), 3, 2);
    for (std::size_t i = 0; i < rows; ++i)
      for (std::size_t j = 0; j < columns; ++j) {
        const std::uint32_t even = static_cast<std::uint32_t>(j / 2 * 2);
        const auto u1 = static_cast<TestType>(random.uniform(3 + i, 2, even));
        const auto u2 = static_cast<TestType>(random.uniform(3 + i, 2, even + 1));
        const double radius = std::sqrt(-2 * std::log(static_cast<double>(u1)));
        const double angle = 6.28318530717958647693 * static_cast<double>(u2);
        const double exact = radius * (j % 2 == 0 ? std::cos(angle) : std::sin(angle));
        REQUIRE(static_cast<double>(out[i * columns + j]) ==
                Approx(exact).margin(tolerance * (1 + radius)));
      }
    all.push_back(out);
  }
  // Sets with fused multiply-add give the same bits.
  if (all.size() == 3) CHECK(all[1] == all[2]);
}

TEST_CASE("what Random fills is what the kernels of this processor make") {
  const Random random(9, Stream::base);
  const auto list = tables<float>();
  std::vector<float> out(60);
  list.back().second->normal(out.data(), 10, 6, 9, static_cast<std::uint16_t>(Stream::base), 0, 1);
  CHECK(normal<float>(random, 10, 6, 0, 1) == out);
}

TEMPLATE_TEST_CASE("a row does not depend on how it was asked for", "", float, double) {
  const Random random(5, Stream::data);
  const std::size_t rows = 300, columns = 10;
  const std::vector<TestType> whole = normal<TestType>(random, rows, columns);
  for (std::size_t block : {1u, 7u, 64u, 299u}) {
    std::vector<TestType> parts;
    for (std::size_t first = 0; first < rows; first += block) {
      const auto part = normal<TestType>(random, std::min(block, rows - first), columns, first);
      parts.insert(parts.end(), part.begin(), part.end());
    }
    CHECK(parts == whole);
  }
  // A wider row begins with the same numbers.
  for (std::size_t narrow : {1u, 2u, 3u, 5u, 9u}) {
    const auto some = normal<TestType>(random, rows, narrow);
    const auto even = uniform<TestType>(random, rows, narrow);
    const auto all = uniform<TestType>(random, rows, columns);
    bool same = true;
    for (std::size_t i = 0; i < rows; ++i)
      for (std::size_t j = 0; j < narrow; ++j)
        same = same && some[i * narrow + j] == whole[i * columns + j] &&
               even[i * narrow + j] == all[i * columns + j];
    CHECK(same);
  }
}

TEST_CASE("float and double numbers differ by rounding only") {
  const Random random(5, Stream::data);
  const auto single = normal<float>(random, 1000, 4);
  const auto exact = normal<double>(random, 1000, 4);
  for (std::size_t i = 0; i < exact.size(); ++i)
    REQUIRE(static_cast<double>(single[i]) == Approx(exact[i]).margin(5e-5));
}

TEST_CASE("uniform numbers lie strictly between 0 and 1") {
  for (std::uint64_t seed = 0; seed < 4; ++seed) {
    const auto u = uniform<float>(Random(seed, Stream::data), 250000, 4);
    const auto [low, high] = std::minmax_element(u.begin(), u.end());
    CHECK(*low > 0);
    CHECK(*high < 1);
  }
}

TEST_CASE("moments of uniform and normal numbers") {
  const std::size_t n = 1000000;
  const auto u = uniform<double>(Random(1, Stream::data), n / 4, 4);
  const auto z = normal<double>(Random(1, Stream::data_noise), n / 4, 4);
  double u1 = 0, u2 = 0, z1 = 0, z2 = 0, z3 = 0, z4 = 0, beyond = 0;
  for (std::size_t i = 0; i < n; ++i) {
    u1 += u[i];
    u2 += u[i] * u[i];
    z1 += z[i];
    z2 += z[i] * z[i];
    z3 += z[i] * z[i] * z[i];
    z4 += z[i] * z[i] * z[i] * z[i];
    beyond += std::abs(z[i]) > 3 ? 1 : 0;
  }
  const double count = static_cast<double>(n), five = 5 / std::sqrt(count);
  CHECK(std::abs(u1 / count - 0.5) < five * std::sqrt(1.0 / 12));
  CHECK(std::abs(u2 / count - 1.0 / 3) < five * std::sqrt(4.0 / 45));
  CHECK(std::abs(z1 / count) < five);
  CHECK(std::abs(z2 / count - 1) < five * std::sqrt(2.0));
  CHECK(std::abs(z3 / count) < five * std::sqrt(15.0));
  CHECK(std::abs(z4 / count - 3) < five * std::sqrt(96.0));
  CHECK(std::abs(beyond / count - 0.0026998) < five * std::sqrt(0.0027));
}

TEST_CASE("neighbours in every direction are uncorrelated") {
  const std::size_t n = 100000;
  const Random random(1, Stream::data);
  const auto column = [&](const Random& from, std::uint64_t first, std::uint32_t step,
                          std::size_t which) {
    const auto all = normal<double>(from, n, 8, first, step);
    std::vector<double> out(n);
    for (std::size_t i = 0; i < n; ++i) out[i] = all[8 * i + which];
    return out;
  };
  const auto base = column(random, 0, 0, 0);
  const double five = 5 / std::sqrt(static_cast<double>(n));
  for (std::size_t other = 1; other < 8; ++other)
    CHECK(std::abs(correlation(base, column(random, 0, 0, other))) < five);
  CHECK(std::abs(correlation(base, column(random, 1, 0, 0))) < five);
  CHECK(std::abs(correlation(base, column(random, 0, 1, 0))) < five);
  CHECK(std::abs(correlation(base, column(Random(2, Stream::data), 0, 0, 0))) < five);
  CHECK(std::abs(correlation(base, column(Random(1, Stream::base), 0, 0, 0))) < five);
}

TEST_CASE("integers below a bound are uniform") {
  const Random random(3, Stream::split);
  for (std::uint64_t bound : {1u, 2u, 7u, 10u}) {
    std::vector<double> count(bound, 0.0);
    const std::uint64_t n = 20000;
    for (std::uint64_t i = 0; i < n; ++i) {
      const std::uint64_t value = random.below(bound, i);
      REQUIRE(value < bound);
      count[value] += 1;
    }
    const double expected = static_cast<double>(n) / static_cast<double>(bound);
    for (double c : count) CHECK(std::abs(c - expected) <= 5 * std::sqrt(expected));
  }
  CHECK(random.below(std::uint64_t{1} << 63, 1) != random.below(std::uint64_t{1} << 63, 2));
}

TEST_CASE("permutations") {
  const Random random(3, Stream::shuffle);
  for (std::uint64_t size : {0u, 1u, 2u, 100u}) {
    auto order = permutation(size, random, 0);
    CHECK(order == permutation(size, random, 0));
    std::sort(order.begin(), order.end());
    for (std::uint64_t i = 0; i < size; ++i) CHECK(order[i] == i);
  }
  CHECK(permutation(100, random, 0) != permutation(100, random, 1));
  CHECK(permutation(100, random, 0) != permutation(100, Random(4, Stream::shuffle), 0));
  // Of three, all six orders, equally often.
  std::vector<double> seen(27, 0.0);
  const int trials = 12000;
  for (std::uint32_t step = 0; step < trials; ++step) {
    const auto order = permutation(3, random, step);
    seen[order[0] * 9 + order[1] * 3 + order[2]] += 1;
  }
  int orders = 0;
  for (double count : seen) {
    if (count == 0) continue;
    ++orders;
    CHECK(std::abs(count - trials / 6.0) < 5 * std::sqrt(trials / 6.0));
  }
  CHECK(orders == 6);
}
