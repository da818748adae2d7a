// NumPy's .npy.
#pragma once

#include <string>

#include "io/array.hpp"

namespace pushforward {

// Does an .npy file begin so?
[[nodiscard]] bool is_npy(const std::string& head);

// The array of an .npy file (format versions 1 to 3), in C order and this machine's byte order.
// float16 becomes float32, bool uint8. `name` begins the messages. Error(invalid) for objects,
// texts, complex numbers and structured arrays, and where bytes are missing or left over.
[[nodiscard]] Array read_npy(const std::string& bytes, const std::string& name);

// What else than numbers it holds ("text"), and the reason why that is not read, to follow a name;
// both empty for numbers.
struct NpyRefusal {
  std::string kind, reason;
};
[[nodiscard]] NpyRefusal npy_refusal(const std::string& bytes, const std::string& name);

// The header of an .npy file in C order, to be followed by the numbers.
[[nodiscard]] std::string npy_header(ElementType type, const Shape& shape);

}  // namespace pushforward
