#include "io/texts.hpp"

#include <algorithm>
#include <cstring>

namespace pushforward {

Array array_of_texts(const std::vector<std::string>& texts) {
  std::size_t size = 1;
  for (const std::string& text : texts) size = std::max(size, text.size());
  Array array = Array::make(ElementType::uint8, {texts.size(), size});
  for (std::size_t row = 0; row < texts.size(); ++row)
    std::memcpy(array.bytes.data() + row * size, texts[row].data(), texts[row].size());
  return array;
}

std::string_view text_of(const Array& texts, std::size_t row) {
  const std::size_t size = texts.shape[1];
  const char* const begin = texts.data<char>() + row * size;
  return {begin, static_cast<std::size_t>(std::find(begin, begin + size, '\0') - begin)};
}

Array widened_texts(const Array& texts, std::size_t size) {
  Array wide = Array::make(ElementType::uint8, {texts.shape[0], size});
  for (std::size_t row = 0; row < texts.shape[0]; ++row)
    std::memcpy(wide.bytes.data() + row * size, texts.bytes.data() + row * texts.shape[1],
                texts.shape[1]);
  return wide;
}

}  // namespace pushforward
