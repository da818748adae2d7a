// IDX, the format of the MNIST family.
#pragma once

#include "io/array.hpp"
#include "io/input_file.hpp"

namespace pushforward {

// The array of an IDX file, in this machine's byte order.
[[nodiscard]] Array read_idx(const InputFile& file);

// Whether these first bytes begin an IDX file.
[[nodiscard]] bool is_idx(const std::string& head);

}  // namespace pushforward
