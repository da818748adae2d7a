// safetensors, the format of model weights.
#pragma once

#include <string>
#include <vector>

#include "io/input_file.hpp"
#include "io/table.hpp"

namespace pushforward {

// Every tensor under its name ("conv.weight" is "/conv.weight"). F16 and BF16 become float32, BOOL
// uint8; types of 8-bit floats are refused, and a file that holds more than its tensors. With
// `only` ("/conv.weight"), that one alone; Error(not_found) if there is none.
[[nodiscard]] std::vector<NamedArray> read_safetensors(const InputFile& file,
                                                       const std::string& only = "");

// Do these first bytes begin a safetensors file of this size?
[[nodiscard]] bool is_safetensors(const std::string& head, std::uint64_t size);

}  // namespace pushforward
