// Matrix products of numbers rounded to bfloat16 (8 bits of precision, the range of float), sums in
// float: what Intel's AMX units do eight times faster than float products. For training and for
// sampling score models; never for densities.
#pragma once

#include <cmath>
#include <cstdint>
#include <cstring>

#include "graph/kernels/kernels.hpp"
#include "graph/onednn_module.hpp"

namespace pushforward {

enum class Bf16Products {
  none,    // this processor has no AMX
  amx,     // by oneDNN
  rounded  // the same products by this toolkit's float kernels: no faster, for measuring and tests
};

// What this process would use: amx where the processor has it, else none; the environment variable
// PUSHFORWARD_BF16=rounded asks for `rounded` on any processor.
[[nodiscard]] Bf16Products bf16_products();

// kernels<float>() with products in bfloat16, those with a side of one or two excepted. Which is
// not none. The result of a product does not depend on the number of threads.
[[nodiscard]] const Kernels<float>& bf16_kernels(Bf16Products which);

// kernels<float>() with oneDNN's products. Of floats: for tests on processors without AMX, and for
// measuring; the same calls but for the type.
[[nodiscard]] Kernels<float> onednn_kernels(onednn::Operands operands);

// The nearest bfloat16, ties to even, as a float.
[[nodiscard]] inline float rounded_to_bf16(float x) {
  if (std::isnan(x)) return x;
  std::uint32_t bits;
  std::memcpy(&bits, &x, sizeof bits);
  bits += 0x7fffu + ((bits >> 16) & 1u);
  bits &= 0xffff0000u;
  std::memcpy(&x, &bits, sizeof bits);
  return x;
}

}  // namespace pushforward
