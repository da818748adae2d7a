#include "base/instruction_set.hpp"
#include "nn/kernels/optimizer.hpp"

namespace pushforward {

template <>
const OptimizerKernels<float>& optimizer_kernels<float>() {
  switch (instruction_set()) {
    case InstructionSet::avx512: return avx512::optimizer_float;
    case InstructionSet::avx2: return avx2::optimizer_float;
    case InstructionSet::baseline: break;
  }
  return baseline::optimizer_float;
}

template <>
const OptimizerKernels<double>& optimizer_kernels<double>() {
  switch (instruction_set()) {
    case InstructionSet::avx512: return avx512::optimizer_double;
    case InstructionSet::avx2: return avx2::optimizer_double;
    case InstructionSet::baseline: break;
  }
  return baseline::optimizer_double;
}

}  // namespace pushforward
