// Pools against loops in double.
#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <cstring>

#include "base/random.hpp"
#include "eval/kernels/pool.hpp"
#include "graph/bf16.hpp"

using namespace pushforward;

namespace {

constexpr std::size_t images = 2, in_stride = 40, out_stride = 33;

float value(float x) { return x; }
float value(std::uint16_t x) {
  const std::uint32_t bits = static_cast<std::uint32_t>(x) << 16;
  float result;
  std::memcpy(&result, &bits, sizeof result);
  return result;
}
void set(float x, float* to) { *to = x; }
void set(float x, std::uint16_t* to) {
  std::uint32_t bits;
  x = rounded_to_bf16(x);
  std::memcpy(&bits, &x, sizeof bits);
  *to = static_cast<std::uint16_t>(bits >> 16);
}

template <class Number>
void check(const PoolShape& s, bool mean) {
  std::vector<float> normals(images * s.height * s.width * in_stride);
  Random(7, Stream::data).fill_normal(normals.data(), 1, normals.size(), 0);
  std::vector<Number> in(normals.size()), out(images * s.out_height * s.out_width * out_stride);
  for (std::size_t i = 0; i < in.size(); ++i) set(normals[i], &in[i]);
  const PoolKernels<Number>& pools = pool_kernels<Number>();
  (mean ? pools.mean_relu : pools.maximum)(s, images, in.data(), in_stride, out.data(), out_stride);
  double worst = 0;
  const Number* at = out.data();
  for (std::size_t n = 0; n < images; ++n)
    for (std::size_t y = 0; y < s.out_height; ++y)
      for (std::size_t x = 0; x < s.out_width; ++x, at += out_stride)
        for (std::size_t c = 0; c < s.channels; ++c) {
          double sum = 0, largest = -1e300;
          int count = 0;
          for (std::size_t i = 0; i < s.kernel; ++i)
            for (std::size_t j = 0; j < s.kernel; ++j) {
              const long row = static_cast<long>(y * s.stride + i) - static_cast<long>(s.pad);
              const long column = static_cast<long>(x * s.stride + j) - static_cast<long>(s.pad);
              if (row < 0 || column < 0 || row >= static_cast<long>(s.height) ||
                  column >= static_cast<long>(s.width))
                continue;
              const double v = value(in[((n * s.height + static_cast<std::size_t>(row)) * s.width +
                                         static_cast<std::size_t>(column)) *
                                            in_stride +
                                        c]);
              sum += v;
              largest = std::max(largest, v);
              ++count;
            }
          const double expected = mean ? std::max(sum / count, 0.0) : largest;
          const double scale = sizeof(Number) == 2 ? std::abs(expected) / 250 : 0;
          worst = std::max(worst, std::abs(value(at[c]) - expected) - (mean ? scale : 0));
        }
  CHECK(worst <= (mean ? 1e-6 : 0));
  // Columns beside the pool's own are left alone.
  for (std::size_t p = 0; p < out.size() / out_stride; ++p)
    CHECK(std::all_of(out.begin() + static_cast<long>(p * out_stride + s.channels),
                      out.begin() + static_cast<long>((p + 1) * out_stride),
                      [](Number x) { return x == Number(0); }));
}

}  // namespace

TEST_CASE("pools leave out what lies outside", "[inception]") {
  for (const PoolShape& shape :
       {PoolShape{7, 5, 32, 3, 2, 3, 2, 0}, PoolShape{4, 6, 16, 4, 6, 3, 1, 1},
        PoolShape{1, 1, 16, 1, 1, 3, 1, 1}})
    for (const bool mean : {false, true}) {
      check<float>(shape, mean);
      check<std::uint16_t>(shape, mean);
    }
}
