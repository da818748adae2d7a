// What lib/onednn gives: a shared object that is loaded when it is first asked for, because oneDNN
// and what it brings along would take 50 MB of address space from every program. Both sides include
// these types, so that a function and its callers agree.
#pragma once

#include <string>

#include "graph/kernels/kernels.hpp"

namespace pushforward {
namespace onednn {

enum class Operands { floats, bf16 };

// Whether the processor has AMX and the system lets this process use it.
using HasAmx = bool();
// Replaces the products and convolutions of a table by oneDNN's. Operands are rounded to bfloat16,
// or left float.
using SetProducts = void(Operands operands, Kernels<float>* table);

// The function of that name. Error(not_found) where oneDNN is not installed or not built with.
[[nodiscard]] void* function(const std::string& name);

template <class Function>
[[nodiscard]] Function& function(const std::string& name) {
  return *reinterpret_cast<Function*>(function(name));
}

}  // namespace onednn
}  // namespace pushforward
