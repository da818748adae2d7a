#include "eval/kernels/pool.hpp"

#include "base/kernels/simd.hpp"

namespace pushforward {
namespace PUSHFORWARD_ISA {
namespace {

constexpr std::size_t block = 16;  // channels at a time, the same on every instruction set
constexpr std::size_t vectors = block / width<float>;
constexpr std::size_t max_taps = 9;

PUSHFORWARD_INLINE void load_block(const float* from, Vector<float>* to) {
  for (std::size_t v = 0; v < vectors; ++v) to[v] = load<float>(from + v * width<float>);
}
PUSHFORWARD_INLINE void store_block(const Vector<float>* from, float* to) {
  for (std::size_t v = 0; v < vectors; ++v) store<float>(to + v * width<float>, from[v]);
}

// bfloat16 is the upper half of a float.
PUSHFORWARD_INLINE void load_block(const std::uint16_t* from, Vector<float>* to) {
  std::uint32_t bits[block];
  for (std::size_t c = 0; c < block; ++c) bits[c] = static_cast<std::uint32_t>(from[c]) << 16;
  std::memcpy(to, bits, sizeof bits);
}
PUSHFORWARD_INLINE void store_block(const Vector<float>* from, std::uint16_t* to) {
  std::uint32_t bits[block];
  std::memcpy(bits, from, sizeof bits);
  for (std::size_t c = 0; c < block; ++c)
    to[c] = static_cast<std::uint16_t>((bits[c] + 0x7fffu + ((bits[c] >> 16) & 1u)) >> 16);
}

template <class Number, bool mean>
void pool(const PoolShape& s, std::size_t images, const Number* in, std::size_t in_stride,
          Number* out, std::size_t out_stride) {
  for (std::size_t n = 0; n < images; ++n, in += s.height * s.width * in_stride)
    for (std::size_t y = 0; y < s.out_height; ++y)
      for (std::size_t x = 0; x < s.out_width; ++x, out += out_stride) {
        const Number* taps[max_taps];
        std::size_t count = 0;
        for (std::size_t i = 0; i < s.kernel; ++i)
          for (std::size_t j = 0; j < s.kernel; ++j) {
            // Numbers below 0 wrap around, and so are outside as well.
            const std::size_t row = y * s.stride + i - s.pad, column = x * s.stride + j - s.pad;
            if (row < s.height && column < s.width)
              taps[count++] = in + (row * s.width + column) * in_stride;
          }
        const float share = 1.0f / static_cast<float>(count);
        for (std::size_t c = 0; c < s.channels; c += block) {
          Vector<float> value[vectors], tap[vectors];
          load_block(taps[0] + c, value);
          for (std::size_t t = 1; t < count; ++t) {
            load_block(taps[t] + c, tap);
            for (std::size_t v = 0; v < vectors; ++v)
              value[v] = mean ? value[v] + tap[v] : maximum_of(value[v], tap[v]);
          }
          if (mean)
            for (std::size_t v = 0; v < vectors; ++v)
              value[v] = maximum<float>(0.0f, value[v] * share);
          store_block(value, out + c);
        }
      }
}

}  // namespace

const PoolKernels<float> float_pools = {pool<float, false>, pool<float, true>};
const PoolKernels<std::uint16_t> bf16_pools = {pool<std::uint16_t, false>,
                                               pool<std::uint16_t, true>};

}  // namespace PUSHFORWARD_ISA
}  // namespace pushforward
