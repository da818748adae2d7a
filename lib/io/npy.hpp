// NumPy's .npy format.
#pragma once

#include <string>

#include "io/array.hpp"

namespace pushforward {

// Whether these first bytes begin an .npy file.
[[nodiscard]] bool is_npy(const std::string& head);

// The array of an .npy file (format versions 1 to 3), in C order and this machine's byte order.
// float16 becomes float32, bool becomes uint8. `name` begins the messages. Error(invalid) for
// objects, text, complex numbers and structured arrays, and if bytes are missing or left over.
[[nodiscard]] Array read_npy(const std::string& bytes, const std::string& name);

// If an .npy file does not hold numbers: what it holds ("text"), and why that is not read, for
// messages after the name. Both are empty for numbers.
struct NpyRefusal {
  std::string kind, reason;
};
[[nodiscard]] NpyRefusal npy_refusal(const std::string& bytes, const std::string& name);

// The header of an .npy file in C order, to be followed by the numbers.
[[nodiscard]] std::string npy_header(ElementType type, const Shape& shape);

}  // namespace pushforward
