// NumPy's .npy and .npz.
#pragma once

#include <string>
#include <vector>

#include "io/input_file.hpp"
#include "io/table.hpp"

namespace pushforward {

// Does an .npy file begin so?
[[nodiscard]] bool is_npy(const std::string& head);

// The array of an .npy file (format versions 1 to 3), in C order and this machine's byte order.
// float16 becomes float32, bool uint8. `name` begins the messages. Error(invalid) for objects,
// texts, complex numbers and structured arrays, and where bytes are missing or left over.
[[nodiscard]] Array read_npy(const std::string& bytes, const std::string& name);

// The members of an .npz file (a ZIP archive, stored or deflated) under their names: "mu.npy" is
// "/mu". Those that hold something else than numbers are passed over, with a warning that names
// them; Error(invalid) if all do. With `only`, that one alone, whatever the others are;
// Error(not_found) if there is none.
[[nodiscard]] std::vector<NamedArray> read_npz(const InputFile& file, const std::string& only = "");

// The header of an .npy file in C order, to be followed by the numbers.
[[nodiscard]] std::string npy_header(ElementType type, const Shape& shape);

}  // namespace pushforward
