#include "io/npy.hpp"

#include <algorithm>
#include <cctype>
#include <cstring>
#include <optional>

#include "base/error.hpp"
#include "io/checks.hpp"
#include "io/hdf5_types.hpp"
#include "io/permute.hpp"

namespace pushforward {
namespace {

struct NpyHeader {
  StoredType type{ElementType::float32};
  NpyRefusal refusal;
  bool fortran_order = false;
  Shape shape;
  std::size_t size = 0;  // bytes before the numbers
};

// Reads the Python dictionary that NumPy writes:
// {'descr': '<f4', 'fortran_order': False, 'shape': (3, 4), }
class HeaderParser {
 public:
  HeaderParser(const std::string& text, const std::string& name) : text_(text), name_(name) {}

  NpyHeader parse() {
    NpyHeader header;
    bool has_type = false, has_order = false, has_shape = false;
    expect('{');
    while (!accept('}')) {
      const std::string key = string();
      expect(':');
      if (key == "descr") {
        if (next_is('[')) {
          header.refusal.kind = "compound";
          header.refusal.reason =
              "is a structured array, of which every element has several parts; save its fields as "
              "one array of numbers";
          return header;
        }
        set_type(string(), &header);
        has_type = true;
      } else if (key == "fortran_order") {
        header.fortran_order = boolean();
        has_order = true;
      } else if (key == "shape") {
        header.shape = tuple();
        has_shape = true;
      } else {
        fail("has the unknown key " + key);
      }
      if (!accept(',')) {
        expect('}');
        break;
      }
    }
    if (!has_type || !has_order || !has_shape) fail("lacks the type, the order or the shape");
    return header;
  }

 private:
  [[noreturn]] void fail(const std::string& what) const {
    fail_invalid(name_ + ": is damaged: its NPY header " + what);
  }
  void skip() {
    while (at_ < text_.size() && std::isspace(static_cast<unsigned char>(text_[at_]))) ++at_;
  }
  bool accept(char c) {
    if (!next_is(c)) return false;
    ++at_;
    return true;
  }
  bool next_is(char c) {
    skip();
    return at_ < text_.size() && text_[at_] == c;
  }
  void expect(char c) {
    if (!accept(c)) fail("is not valid");
  }
  std::string string() {
    skip();
    const char quote = at_ < text_.size() ? text_[at_] : '\0';
    if (quote != '\'' && quote != '"') fail("is not valid");
    const std::size_t end = text_.find(quote, at_ + 1);
    if (end == std::string::npos) fail("is not valid");
    const std::string result = text_.substr(at_ + 1, end - at_ - 1);
    at_ = end + 1;
    return result;
  }
  bool boolean() {
    skip();
    for (const char* word : {"True", "False"})
      if (text_.compare(at_, std::strlen(word), word) == 0) {
        at_ += std::strlen(word);
        return word[0] == 'T';
      }
    fail("is not valid");
  }
  Shape tuple() {
    Shape shape;
    expect('(');
    while (!accept(')')) {
      skip();
      std::size_t value = 0, digits = 0;
      for (; at_ < text_.size() && std::isdigit(static_cast<unsigned char>(text_[at_])); ++at_) {
        if (++digits > 18) fail("declares more numbers than a file can hold");
        value = value * 10 + static_cast<std::size_t>(text_[at_] - '0');
      }
      if (digits == 0 || shape.size() == 8) fail("has an invalid shape");
      shape.push_back(value);
      if (!accept(',')) {
        expect(')');
        break;
      }
    }
    return shape;
  }
  static std::optional<StoredType> stored_type(const std::string& text) {
    const char order = text.empty() ? '\0' : text[0];
    const std::string kind = text.empty() ? "" : text.substr(1);
    const bool big = order == '>';
    if (order == '<' || order == '>' || order == '|' || order == '=') {
      if (kind == "f4") return StoredType{ElementType::float32, false, big};
      if (kind == "f8") return StoredType{ElementType::float64, false, big};
      if (kind == "f2") return StoredType{ElementType::float32, true, big};
      if (kind == "u1" || kind == "b1") return StoredType{ElementType::uint8, false, false};
      if (kind == "i1") return StoredType{ElementType::int8, false, false};
      if (kind == "u2") return StoredType{ElementType::uint16, false, big};
      if (kind == "i2") return StoredType{ElementType::int16, false, big};
      if (kind == "u4") return StoredType{ElementType::uint32, false, big};
      if (kind == "i4") return StoredType{ElementType::int32, false, big};
      if (kind == "u8") return StoredType{ElementType::uint64, false, big};
      if (kind == "i8") return StoredType{ElementType::int64, false, big};
    }
    return std::nullopt;
  }
  static void set_type(const std::string& text, NpyHeader* header) {
    if (const std::optional<StoredType> stored = stored_type(text)) {
      header->type = *stored;
      return;
    }
    std::string shown = text.substr(0, 20);
    for (char& c : shown)
      if (static_cast<unsigned char>(c) < 32) c = ' ';
    const char kind = text.size() < 2 ? '\0' : text[1];
    header->refusal.kind = kind == 'U' || kind == 'S' ? "text"
                           : kind == 'O'              ? "objects"
                           : shown.empty()            ? "no type"
                                                      : shown;
    header->refusal.reason = "holds numbers of type \"" + shown + "\"" +
                             (kind == 'O' ? ", which are Python objects" : "") +
                             ", use float16 to float64, int8 to int64, uint8 to uint64 or bool";
  }

  const std::string& text_;
  const std::string& name_;
  std::size_t at_ = 0;
};

NpyHeader read_header(const std::string& bytes, const std::string& name) {
  const auto cut_short = [&] { fail_invalid(name + ": is cut short within its NPY header"); };
  if (!is_npy(bytes)) fail_invalid(name + ": is not an NPY array");
  if (bytes.size() < 12) cut_short();
  const auto byte = [&](std::size_t i) {
    return std::size_t{static_cast<unsigned char>(bytes[i])};
  };
  const std::size_t version = byte(6);
  if (version < 1 || version > 3)
    fail_invalid(name + ": has version " + std::to_string(version) +
                 " of the NPY format, versions 1 to 3 are read");
  const std::size_t start = version == 1 ? 10 : 12;
  const std::size_t length = version == 1
                                 ? byte(8) + 256 * byte(9)
                                 : byte(8) + (byte(9) << 8) + (byte(10) << 16) + (byte(11) << 24);
  if (bytes.size() - start < length) cut_short();
  NpyHeader header = HeaderParser(bytes.substr(start, length), name).parse();
  header.size = start + length;
  return header;
}

}  // namespace

bool is_npy(const std::string& head) { return head.compare(0, 6, "\x93NUMPY") == 0; }

NpyRefusal npy_refusal(const std::string& bytes, const std::string& name) {
  return read_header(bytes, name).refusal;
}

Array read_npy(const std::string& bytes, const std::string& name) {
  const NpyHeader header = read_header(bytes, name);
  if (!header.refusal.kind.empty()) fail_invalid(name + ": " + header.refusal.reason);
  const std::size_t held = bytes.size() - header.size;
  const std::optional<std::size_t> needed = checked_product(header.shape, header.type.size());
  require_exactly(held, needed, header.shape, header.type.size(), name);
  Shape stored = header.shape;
  if (header.fortran_order) std::reverse(stored.begin(), stored.end());
  Array array = Array::make(header.type.type, stored);
  decode_numbers(header.type, reinterpret_cast<const std::byte*>(bytes.data() + header.size),
                 array.size(), array.bytes.data());
  return header.fortran_order ? transposed(array) : array;
}

std::string npy_header(ElementType type, const Shape& shape) {
  std::string text = "{'descr': '" + numpy_type({type}) + "', 'fortran_order': False, 'shape': (";
  for (std::size_t extent : shape) text += std::to_string(extent) + ", ";
  if (shape.size() > 1) text.resize(text.size() - 2);
  if (shape.size() == 1) text.resize(text.size() - 1);
  text += "), }";
  // Padded with blanks so that the numbers begin at a multiple of 64 bytes.
  const std::size_t total = (10 + text.size() + 1 + 63) / 64 * 64;
  text.resize(total - 11, ' ');
  text += '\n';
  std::string header("\x93NUMPY\x01\x00", 8);
  header += static_cast<char>(text.size() & 0xff);
  header += static_cast<char>(text.size() >> 8);
  return header + text;
}

}  // namespace pushforward
