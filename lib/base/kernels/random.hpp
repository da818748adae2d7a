// The kernels behind Random::fill_uniform and fill_normal, one copy per instruction set.
#pragma once

#include <cstddef>
#include <cstdint>

namespace pushforward {

// The seed is the key of Philox4x32-10, (row, stream, step, block) its counter; see random.hpp.
template <class T>
struct RandomKernels {
  void (*uniform)(T* out, std::size_t rows, std::size_t columns, std::uint64_t seed,
                  std::uint16_t stream, std::uint64_t first_row, std::uint32_t step);
  void (*normal)(T* out, std::size_t rows, std::size_t columns, std::uint64_t seed,
                 std::uint16_t stream, std::uint64_t first_row, std::uint32_t step);
};

namespace baseline {
extern const RandomKernels<float> random_float;
extern const RandomKernels<double> random_double;
}  // namespace baseline
namespace avx2 {
extern const RandomKernels<float> random_float;
extern const RandomKernels<double> random_double;
}  // namespace avx2
namespace avx512 {
extern const RandomKernels<float> random_float;
extern const RandomKernels<double> random_double;
}  // namespace avx512

}  // namespace pushforward
