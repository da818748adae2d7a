// Matrix products of numbers rounded to bfloat16 (8 bits of precision, the range of float), sums in
// float: what Intel's AMX units do eight times faster than float products. For training and for
// sampling score models; never for densities.
#pragma once

#include "graph/kernels/kernels.hpp"

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

// The nearest bfloat16, ties to even, as a float.
[[nodiscard]] float rounded_to_bf16(float x);

namespace onednn {
// The products of bf16_kernels by oneDNN, operands rounded to bfloat16 or, for tests on processors
// without it, left float: the same calls but for the type.
template <bool bf16>
[[nodiscard]] Kernels<float> product_kernels();
extern template Kernels<float> product_kernels<false>();
extern template Kernels<float> product_kernels<true>();
}  // namespace onednn

}  // namespace pushforward
