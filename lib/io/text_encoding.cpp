#include "io/text_encoding.hpp"

#include <iconv.h>

#include <algorithm>
#include <array>
#include <cerrno>

#include "base/error.hpp"

namespace pushforward {
namespace {

enum class Converted { all, cut_short, invalid };

class Converter {
 public:
  explicit Converter(const char* from) : handle_(iconv_open("UTF-8", from)) {
    if (handle_ == reinterpret_cast<iconv_t>(-1))
      fail_io(std::string("this system cannot convert text from ") + from);
  }
  ~Converter() { iconv_close(handle_); }
  Converter(const Converter&) = delete;
  Converter& operator=(const Converter&) = delete;

  // Appends to *out and removes from *in what was converted; an incomplete character stays.
  Converted convert(std::string* in, std::string* out) {
    char* from = in->data();
    std::size_t left = in->size();
    Converted result = Converted::all;
    std::array<char, 4096> buffer;
    while (left > 0) {
      char* to = buffer.data();
      std::size_t room = buffer.size();
      const std::size_t done = iconv(handle_, &from, &left, &to, &room);
      const int error = errno;
      out->append(buffer.data(), buffer.size() - room);
      if (done != static_cast<std::size_t>(-1) || error == E2BIG) continue;
      result = error == EINVAL ? Converted::cut_short : Converted::invalid;
      break;
    }
    in->erase(0, in->size() - left);
    return result;
  }

 private:
  iconv_t handle_;
};

bool is_plain(char c) { return (c >= 32 && c < 127) || c == '\t' || c == '\n' || c == '\r'; }

// Whether the first bytes are pairs of a zero, in position `zero` (0 or 1), and an ASCII character.
bool has_zeros_at(const std::string& head, std::size_t zero) {
  const std::size_t size = std::min<std::size_t>(head.size() / 2 * 2, 64);
  if (size < 4) return false;
  for (std::size_t i = 0; i < size; i += 2)
    if (head[i + zero] != 0 || !is_plain(head[i + 1 - zero])) return false;
  return true;
}

bool is_big_endian(const std::string& head) {
  return head.compare(0, 2, "\xfe\xff") == 0 || has_zeros_at(head, 0);
}

}  // namespace

bool is_utf16(const std::string& head) {
  return head.compare(0, 2, "\xff\xfe") == 0 || is_big_endian(head) || has_zeros_at(head, 1);
}

InputFile utf8_of_utf16(const InputFile& file) {
  constexpr std::size_t block = std::size_t{1} << 20;
  Converter converter(is_big_endian(file.bytes(0, 64)) ? "UTF-16BE" : "UTF-16LE");
  InputFile result = InputFile::empty(file.name());
  std::string waiting, text;
  Converted state = Converted::all;
  for (std::uint64_t offset = 0; offset < file.size(); offset += block) {
    waiting += file.bytes(offset, block);
    text.clear();
    state = converter.convert(&waiting, &text);
    if (state == Converted::invalid) break;
    result.append(text.data(), text.size());
  }
  if (state != Converted::all)
    fail_invalid(file.name() + ": is damaged: it begins as UTF-16 and does not go on as such");
  return result;
}

bool make_utf8(std::string* text) {
  std::string rest = *text, result;
  if (Converter("UTF-8").convert(&rest, &result) == Converted::all) return false;
  rest = *text;
  result.clear();
  // A few bytes are undefined in Windows-1252; Latin-1 defines all.
  if (Converter("CP1252").convert(&rest, &result) != Converted::all) {
    rest = *text;
    result.clear();
    Converter("ISO-8859-1").convert(&rest, &result);
  }
  *text = std::move(result);
  return true;
}

}  // namespace pushforward
