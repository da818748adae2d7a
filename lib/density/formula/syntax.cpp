#include "density/formula/syntax.hpp"

#include <charconv>
#include <cmath>
#include <cstring>
#include <utility>

namespace pushforward {
namespace {

constexpr std::size_t max_length = 50000;
constexpr int max_depth = 100;
constexpr int max_index = 100000000;

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }

// Recursive descent, one function a level of precedence.
class Parser {
 public:
  explicit Parser(const std::string& text) : text_(text) { skip_blanks(); }

  FormulaSyntax formula() {
    FormulaSyntax syntax;
    while (word_ahead("let")) {
      at_ += 3;
      skip_blanks();
      const std::size_t at = at_;
      if (!is_letter(peek())) expected("a name");
      std::string name = take_name();
      need('=', "=");
      FormulaTerm value = sum();
      need(';', "an operator or ;");
      syntax.definitions.push_back({at, std::move(name), std::move(value)});
    }
    syntax.result = sum();
    take(';');
    if (at_ < text_.size()) expected("an operator");
    return syntax;
  }

 private:
  // Counts how deep terms are nested, so that no text can exhaust the stack.
  class Nested {
   public:
    explicit Nested(Parser* parser) : parser_(parser) {
      if (++parser_->depth_ > max_depth)
        throw FormulaError(parser_->at_, "terms are nested more than " + std::to_string(max_depth) +
                                             " deep; let can name a part");
    }
    ~Nested() { --parser_->depth_; }
    Nested(const Nested&) = delete;
    Nested& operator=(const Nested&) = delete;

   private:
    Parser* parser_;
  };

  [[nodiscard]] char peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }

  void skip_blanks() {
    while (at_ < text_.size()) {
      if (text_[at_] == '#')
        while (at_ < text_.size() && text_[at_] != '\n') ++at_;
      else if (std::strchr(" \t\r\n", text_[at_]) != nullptr && text_[at_] != '\0')
        ++at_;
      else
        return;
    }
  }

  bool take(char c) {
    if (peek() != c || at_ >= text_.size()) return false;
    ++at_;
    skip_blanks();
    return true;
  }

  void need(char c, const std::string& what) {
    if (!take(c)) expected(what);
  }

  [[noreturn]] void expected(const std::string& what) const {
    std::string found = "the end";
    if (at_ < text_.size()) {
      const unsigned char c = static_cast<unsigned char>(text_[at_]);
      found = c > ' ' && c < 127 ? "'" + std::string(1, text_[at_]) + "'" : "another character";
      if (is_letter(text_[at_])) {
        std::size_t end = at_;
        while (end < text_.size() && (is_letter(text_[end]) || is_digit(text_[end]))) ++end;
        found = "'" + text_.substr(at_, end - at_) + "'";
      }
    }
    throw FormulaError(at_, what + " should stand here, not " + found);
  }

  [[nodiscard]] bool word_ahead(const char* word) const {
    const std::size_t length = std::strlen(word);
    if (text_.compare(at_, length, word) != 0) return false;
    const char after = at_ + length < text_.size() ? text_[at_ + length] : '\0';
    return !is_letter(after) && !is_digit(after);
  }

  std::string take_name() {
    const std::size_t begin = at_;
    while (is_letter(peek()) || is_digit(peek())) ++at_;
    std::string name = text_.substr(begin, at_ - begin);
    skip_blanks();
    return name;
  }

  // One level of left-associative operators; a chain of any length is one term.
  FormulaTerm chain(FormulaTerm::Kind kind, const char* operators, FormulaTerm (Parser::*part)()) {
    FormulaTerm first = (this->*part)();
    FormulaTerm all{kind, first.at};
    all.parts.push_back(std::move(first));
    while (peek() != '\0' && std::strchr(operators, peek()) != nullptr) {
      all.operators_at.push_back(at_);
      all.operators += text_[at_++];
      skip_blanks();
      all.parts.push_back((this->*part)());
    }
    if (all.operators.empty()) return std::move(all.parts[0]);
    return all;
  }

  FormulaTerm sum() {
    const Nested nested(this);
    return chain(FormulaTerm::Kind::sum, "+-", &Parser::product);
  }
  FormulaTerm product() { return chain(FormulaTerm::Kind::product, "*/", &Parser::signed_term); }

  FormulaTerm signed_term() {
    const std::size_t at = at_;
    if (!take('-')) return power();
    const Nested nested(this);
    FormulaTerm term{FormulaTerm::Kind::negative, at};
    term.parts.push_back(signed_term());
    return term;
  }

  // -x^2 is -(x^2), x^-2 is allowed, x^2^3 is x^(2^3).
  FormulaTerm power() {
    FormulaTerm base = indexed();
    const std::size_t at = at_;
    if (!take('^')) return base;
    const Nested nested(this);
    FormulaTerm term{FormulaTerm::Kind::power, at};
    term.parts.push_back(std::move(base));
    term.parts.push_back(signed_term());
    return term;
  }

  int index_number() {
    if (!is_digit(peek())) expected("a whole number, the place of an element");
    const std::size_t at = at_;
    int value = 0;
    const auto [end, error] =
        std::from_chars(text_.data() + at_, text_.data() + text_.size(), value);
    if (error != std::errc() || value < 1 || value > max_index)
      throw FormulaError(at, "elements are counted from 1 to " + std::to_string(max_index));
    at_ = static_cast<std::size_t>(end - text_.data());
    skip_blanks();
    return value;
  }

  FormulaTerm indexed() {
    FormulaTerm base = primary();
    const std::size_t at = at_;
    if (!take('[')) return base;
    FormulaTerm term{FormulaTerm::Kind::index, at};
    term.parts.push_back(std::move(base));
    term.first = index_number();
    if (take(':')) {
      term.last = index_number();
      if (take(':')) term.step = index_number();
    }
    need(']', "] or :");
    return term;
  }

  FormulaTerm number() {
    FormulaTerm term{FormulaTerm::Kind::number, at_};
    const auto [end, error] =
        std::from_chars(text_.data() + at_, text_.data() + text_.size(), term.number);
    if (error != std::errc() || !std::isfinite(term.number))
      throw FormulaError(at_, "this number is none that a double can hold");
    at_ = static_cast<std::size_t>(end - text_.data());
    skip_blanks();
    return term;
  }

  std::vector<FormulaTerm> arguments(char close) {
    std::vector<FormulaTerm> parts;
    if (take(close)) return parts;
    do parts.push_back(sum());
    while (take(','));
    need(close, std::string("an operator, a comma or ") + close);
    return parts;
  }

  FormulaTerm primary() {
    const std::size_t at = at_;
    const char c = peek();
    if (is_digit(c) || (c == '.' && at_ + 1 < text_.size() && is_digit(text_[at_ + 1])))
      return number();
    if (take('(')) {
      FormulaTerm inner = sum();
      need(')', "an operator or )");
      return inner;
    }
    if (take('[')) {
      FormulaTerm list{FormulaTerm::Kind::list, at};
      list.parts = arguments(']');
      return list;
    }
    if (!is_letter(c)) expected("a number, a name or (");
    if (word_ahead("let"))
      throw FormulaError(at, "let stands before the result: let NAME = VALUE; RESULT");
    FormulaTerm term{FormulaTerm::Kind::name, at};
    term.name = take_name();
    if (take('(')) {
      term.kind = FormulaTerm::Kind::call;
      term.parts = arguments(')');
    }
    return term;
  }

  const std::string& text_;
  std::size_t at_ = 0;
  int depth_ = 0;
};

}  // namespace

std::string place_in_text(const std::string& text, std::size_t at) {
  std::size_t line = 1, column = 1;
  for (std::size_t i = 0; i < at && i < text.size(); ++i) {
    if (text[i] == '\n') {
      ++line;
      column = 1;
    } else if ((static_cast<unsigned char>(text[i]) & 0xc0U) != 0x80U) {
      ++column;  // the first byte of a character
    }
  }
  const std::string where = "column " + std::to_string(column);
  return text.find('\n') == std::string::npos || text.find('\n') + 1 == text.size()
             ? where
             : "line " + std::to_string(line) + ", " + where;
}

FormulaSyntax parse_formula(const std::string& text) {
  if (text.size() > max_length)
    throw FormulaError(max_length, "a formula has " + std::to_string(max_length) +
                                       " bytes at most; numbers belong into data");
  return Parser(text).formula();
}

}  // namespace pushforward
