// Checkpoints of PyTorch: what torch.save writes of tensors and dictionaries of them.
#pragma once

#include <string>
#include <vector>

#include "io/input_file.hpp"
#include "io/table.hpp"

namespace pushforward {

// Do these first bytes begin a checkpoint as PyTorch wrote it before version 1.6?
[[nodiscard]] bool is_legacy_torch(const std::string& head);
// Is this ZIP archive a checkpoint, as PyTorch writes it since?
[[nodiscard]] bool is_torch_archive(const InputFile& file);

// Every tensor under its keys: that of {"state_dict": {"fc.bias": t}} is "/state_dict/fc.bias".
// float16 and bfloat16 become float32, bool uint8. What is no tensor is left out, with a warning
// that names it. Nothing in the file is executed: of functions those alone have a meaning that put
// a tensor together. With `only`, that tensor alone; Error(not_found) if there is none.
// Error(invalid) for a file that is cut short or damaged, a whole model in place of its state_dict,
// and sparse, quantized or complex tensors.
[[nodiscard]] std::vector<NamedArray> read_torch_checkpoint(const InputFile& file,
                                                            const std::string& only = "");

}  // namespace pushforward
