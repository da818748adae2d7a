#include "ceiling.hpp"

#include <algorithm>
#include <chrono>
#include <cstddef>

#include "base/instruction_set.hpp"

namespace pushforward {
namespace {

constexpr std::size_t chains = 12, repeats = 2000000;

// As many chains as registers leave: enough to hide the latency of a multiply-add.
#define PUSHFORWARD_CHAINS(bytes)                                     \
  typedef float Vector __attribute__((vector_size(bytes)));           \
  Vector sum[chains], factor = Vector{} + x, term = Vector{} + 1e-9f; \
  for (Vector & s : sum) s = Vector{} + x;                            \
  for (std::size_t i = 0; i < repeats; ++i)                           \
    for (Vector & s : sum) s = s * factor + term;                     \
  float total = 0;                                                    \
  for (const Vector& s : sum) total += s[0];                          \
  return total;

__attribute__((target("avx512f"), noinline, optimize("O3"))) float run_avx512(float x) {
  PUSHFORWARD_CHAINS(64)
}
__attribute__((target("avx2,fma"), noinline, optimize("O3"))) float run_avx2(float x) {
  PUSHFORWARD_CHAINS(32)
}
__attribute__((noinline, optimize("O3"))) float run_baseline(float x) { PUSHFORWARD_CHAINS(16) }
#undef PUSHFORWARD_CHAINS

}  // namespace

double peak_gflops() {
  const bool wide = instruction_set() == InstructionSet::avx512;
  const bool middle = instruction_set() == InstructionSet::avx2;
  const std::size_t lanes = wide ? 16 : middle ? 8 : 4;
  volatile float sink = 0;
  double best = 1e9;
  for (int i = 0; i < 7; ++i) {
    const auto start = std::chrono::steady_clock::now();
    sink = sink + (wide ? run_avx512(0.999f) : middle ? run_avx2(0.999f) : run_baseline(0.999f));
    const std::chrono::duration<double> spent = std::chrono::steady_clock::now() - start;
    best = std::min(best, spent.count());
  }
  return 2e-9 * static_cast<double>(chains * repeats * lanes) / best;
}

}  // namespace pushforward
