// Which compiled copy of the kernels this process runs.
#pragma once

namespace pushforward {

enum class InstructionSet {
  baseline,  // any x86-64
  avx2,      // AVX2 and FMA
  avx512     // AVX-512 F, DQ, BW, VL
};

// The best set of this processor, or a lower one named by the environment variable
// PUSHFORWARD_INSTRUCTION_SET (baseline, avx2, avx512). Chosen once per process. avx2 and avx512
// give the same bits; baseline has no fused multiply-add and rounds differently.
[[nodiscard]] InstructionSet instruction_set();

[[nodiscard]] const char* instruction_set_name();

// Selects one of three compiled copies by instruction_set().
template <class T>
[[nodiscard]] const T& for_instruction_set(const T& baseline, const T& avx2, const T& avx512) {
  switch (instruction_set()) {
    case InstructionSet::avx512:
      return avx512;
    case InstructionSet::avx2:
      return avx2;
    case InstructionSet::baseline:
      break;
  }
  return baseline;
}

}  // namespace pushforward
