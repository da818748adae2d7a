#include "base/instruction_set.hpp"

#include <cstdlib>
#include <cstring>

namespace pushforward {
namespace {

InstructionSet choose() {
  InstructionSet best = InstructionSet::baseline;
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) {
    best = InstructionSet::avx2;
    if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") &&
        __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl"))
      best = InstructionSet::avx512;
  }
  const char* wish = std::getenv("PUSHFORWARD_INSTRUCTION_SET");
  if (wish == nullptr) return best;
  if (std::strcmp(wish, "baseline") == 0) return InstructionSet::baseline;
  if (std::strcmp(wish, "avx2") == 0 && best == InstructionSet::avx512) return InstructionSet::avx2;
  return best;
}

}  // namespace

InstructionSet instruction_set() {
  static const InstructionSet chosen = choose();
  return chosen;
}

const char* instruction_set_name() {
  switch (instruction_set()) {
    case InstructionSet::avx512:
      return "avx512";
    case InstructionSet::avx2:
      return "avx2";
    case InstructionSet::baseline:
      break;
  }
  return "baseline";
}

}  // namespace pushforward
