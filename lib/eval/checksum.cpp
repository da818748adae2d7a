#include "eval/checksum.hpp"

#include <cstdio>

namespace pushforward {

void Checksum::add(const std::vector<float>& numbers) {
  sum_.process_bytes(numbers.data(), numbers.size() * sizeof(float));
}

std::string Checksum::text() const {
  char text[9];
  std::snprintf(text, sizeof text, "%08x", static_cast<unsigned>(sum_.checksum()));
  return text;
}

}  // namespace pushforward
