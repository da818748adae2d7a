// Reading of JSON, as far as the header of a safetensors file needs it.
#pragma once

#include <string>
#include <utility>
#include <vector>

namespace pushforward {

struct JsonValue {
  enum class Kind { null, boolean, number, text, array, object };
  Kind kind = Kind::null;
  std::string text;  // of a text, unescaped; of a number, as written; of a boolean, true or false
  std::vector<JsonValue> items;                            // of an array
  std::vector<std::pair<std::string, JsonValue>> members;  // of an object, in order

  [[nodiscard]] const JsonValue* find(const std::string& name) const;
};

// Throws std::runtime_error with the reason unless `text` is one JSON value, nested at most 32
// deep.
[[nodiscard]] JsonValue parse_json(const std::string& text);

}  // namespace pushforward
