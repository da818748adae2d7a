// Pools over images with channels last, one copy per instruction set.
#pragma once

#include <cstddef>
#include <cstdint>

namespace pushforward {

// The window of output pixel (y, x) begins at (y stride - pad, x stride - pad).
struct PoolShape {
  std::size_t height, width, channels;  // channels is a multiple of 16
  std::size_t out_height, out_width;
  std::size_t kernel, stride, pad;  // kernel <= 3
};

// in is [images * height * width] pixels, in_stride numbers apart; out likewise. Number is float,
// or uint16_t for bfloat16, whose sums are made in float and rounded to the nearest, ties to even.
// Pixels outside the image count neither in the maximum nor in the divisor of the mean.
template <class Number>
struct PoolKernels {
  using Pool = void (*)(const PoolShape& shape, std::size_t images, const Number* in,
                        std::size_t in_stride, Number* out, std::size_t out_stride);
  Pool maximum;
  // max(mean, 0), summed row by row. The bits of a pixel depend on its window alone.
  Pool mean_relu;
};

// The copy this process runs.
template <class Number>
[[nodiscard]] const PoolKernels<Number>& pool_kernels();

#define PUSHFORWARD_POOL_KERNELS(set)                 \
  namespace set {                                     \
  extern const PoolKernels<float> float_pools;        \
  extern const PoolKernels<std::uint16_t> bf16_pools; \
  }
PUSHFORWARD_POOL_KERNELS(baseline)
PUSHFORWARD_POOL_KERNELS(avx2)
PUSHFORWARD_POOL_KERNELS(avx512)
#undef PUSHFORWARD_POOL_KERNELS

}  // namespace pushforward
