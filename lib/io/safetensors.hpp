// safetensors, a format for model weights.
#pragma once

#include <string>
#include <vector>

#include "io/input_file.hpp"
#include "io/table.hpp"

namespace pushforward {

// All tensors, by their names ("conv.weight" is "/conv.weight"). F16 and BF16 become float32, BOOL
// becomes uint8. Error(invalid) for 8-bit floats, and for a file with bytes that belong to no
// tensor. With `only` ("/conv.weight"), that tensor alone; Error(not_found) if there is none.
[[nodiscard]] std::vector<NamedArray> read_safetensors(const InputFile& file,
                                                       const std::string& only = "");

// Whether these first bytes begin a safetensors file of `size` bytes.
[[nodiscard]] bool is_safetensors(const std::string& head, std::uint64_t size);

}  // namespace pushforward
