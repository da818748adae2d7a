#include "base/instruction_set.hpp"
#include "nn/kernels/optimizer.hpp"

namespace pushforward {

template <>
const OptimizerKernels<float>& optimizer_kernels<float>() {
  return for_instruction_set(baseline::optimizer_float, avx2::optimizer_float,
                             avx512::optimizer_float);
}

template <>
const OptimizerKernels<double>& optimizer_kernels<double>() {
  return for_instruction_set(baseline::optimizer_double, avx2::optimizer_double,
                             avx512::optimizer_double);
}

}  // namespace pushforward
