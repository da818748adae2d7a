#include "io/json.hpp"

#include <cctype>
#include <cstring>
#include <stdexcept>

namespace pushforward {
namespace {

class Parser {
 public:
  explicit Parser(const std::string& text) : text_(text) {}

  JsonValue document() {
    JsonValue value = parse(0);
    skip();
    if (at_ != text_.size()) fail("something follows its end");
    return value;
  }

 private:
  [[noreturn]] void fail(const std::string& what) const {
    throw std::runtime_error(what + " at byte " + std::to_string(at_));
  }
  void skip() {
    while (at_ < text_.size() && std::strchr(" \t\r\n", text_[at_]) != nullptr &&
           text_[at_] != '\0')
      ++at_;
  }
  bool accept(char c) {
    skip();
    if (at_ >= text_.size() || text_[at_] != c) return false;
    ++at_;
    return true;
  }
  void expect(char c) {
    if (!accept(c)) fail(std::string("'") + c + "' is missing");
  }

  JsonValue parse(int depth) {
    if (depth > 32) fail("it is nested too deeply");
    skip();
    JsonValue value;
    const char c = at_ < text_.size() ? text_[at_] : '\0';
    if (c == '{') {
      value.kind = JsonValue::Kind::object;
      ++at_;
      if (accept('}')) return value;
      do {
        skip();
        std::string name = string();
        expect(':');
        value.members.emplace_back(std::move(name), parse(depth + 1));
      } while (accept(','));
      expect('}');
    } else if (c == '[') {
      value.kind = JsonValue::Kind::array;
      ++at_;
      if (accept(']')) return value;
      do {
        value.items.push_back(parse(depth + 1));
      } while (accept(','));
      expect(']');
    } else if (c == '"') {
      value.kind = JsonValue::Kind::text;
      value.text = string();
    } else if (c == '-' || std::isdigit(static_cast<unsigned char>(c))) {
      value.kind = JsonValue::Kind::number;
      while (at_ < text_.size() && text_[at_] != '\0' &&
             std::strchr("+-.0123456789eE", text_[at_]) != nullptr)
        value.text += text_[at_++];
    } else {
      value = word();
    }
    return value;
  }

  JsonValue word() {
    for (const char* known : {"true", "false", "null"})
      if (text_.compare(at_, std::strlen(known), known) == 0) {
        at_ += std::strlen(known);
        JsonValue value;
        if (known[0] != 'n') {
          value.kind = JsonValue::Kind::boolean;
          value.text = known;
        }
        return value;
      }
    fail("it makes no sense");
  }

  unsigned hexadecimal() {
    unsigned code = 0;
    for (int i = 0; i < 4; ++i, ++at_) {
      const char c = at_ < text_.size() ? text_[at_] : '\0';
      if (!std::isxdigit(static_cast<unsigned char>(c))) fail("an escape makes no sense");
      code = code * 16 + static_cast<unsigned>(std::isdigit(static_cast<unsigned char>(c))
                                                   ? c - '0'
                                                   : (c | 32) - 'a' + 10);
    }
    return code;
  }

  static void append_utf8(unsigned code, std::string* text) {
    const auto byte = [&](unsigned value) { *text += static_cast<char>(value); };
    if (code < 0x80) {
      byte(code);
    } else if (code < 0x800) {
      byte(0xc0 | (code >> 6));
      byte(0x80 | (code & 0x3f));
    } else if (code < 0x10000) {
      byte(0xe0 | (code >> 12));
      byte(0x80 | ((code >> 6) & 0x3f));
      byte(0x80 | (code & 0x3f));
    } else {
      byte(0xf0 | (code >> 18));
      byte(0x80 | ((code >> 12) & 0x3f));
      byte(0x80 | ((code >> 6) & 0x3f));
      byte(0x80 | (code & 0x3f));
    }
  }

  void escape(std::string* text) {
    const char c = at_ < text_.size() ? text_[at_++] : '\0';
    const char* const from = "\"\\/bfnrt";
    const char* const to = "\"\\/\b\f\n\r\t";
    if (c == 'u') {
      unsigned code = hexadecimal();
      if (code >= 0xd800 && code < 0xdc00 && text_.compare(at_, 2, "\\u") == 0) {
        at_ += 2;
        const unsigned low = hexadecimal();
        if (low < 0xdc00 || low > 0xdfff) fail("an escape makes no sense");
        code = 0x10000 + ((code - 0xd800) << 10) + (low - 0xdc00);
      }
      append_utf8(code, text);
      return;
    }
    const char* found = c == '\0' ? nullptr : std::strchr(from, c);
    if (found == nullptr) fail("an escape makes no sense");
    *text += to[found - from];
  }

  std::string string() {
    if (at_ >= text_.size() || text_[at_] != '"') fail("a text is missing");
    std::string result;
    for (++at_; at_ < text_.size();) {
      const char c = text_[at_++];
      if (c == '"') return result;
      if (c == '\\')
        escape(&result);
      else
        result += c;
    }
    fail("a text has no end");
  }

  const std::string& text_;
  std::size_t at_ = 0;
};

}  // namespace

const JsonValue* JsonValue::find(const std::string& name) const {
  for (const auto& [member, value] : members)
    if (member == name) return &value;
  return nullptr;
}

JsonValue parse_json(const std::string& text) { return Parser(text).document(); }

}  // namespace pushforward
