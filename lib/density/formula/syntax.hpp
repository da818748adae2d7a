// The syntax of formulas: text to a tree. tensor-gen(1) describes the language.
#pragma once

#include <cstddef>
#include <exception>
#include <string>
#include <vector>

namespace pushforward {

// What is wrong with a formula, and the place in its text: bytes from 0.
class FormulaError : public std::exception {
 public:
  FormulaError(std::size_t at, std::string message) : at_(at), message_(std::move(message)) {}
  [[nodiscard]] std::size_t at() const { return at_; }
  [[nodiscard]] const char* what() const noexcept override { return message_.c_str(); }

 private:
  std::size_t at_;
  std::string message_;
};

// "column 7", from 1 and in characters, or "line 2, column 7" of a text with several lines.
[[nodiscard]] std::string place_in_text(const std::string& text, std::size_t at);

struct FormulaTerm {
  enum class Kind {
    number,
    name,
    call,   // name(parts...)
    list,   // [parts...]
    index,  // parts[0][first:last:step], an element where `last` is 0
    negative,
    sum,      // parts joined by operators, one character each: '+' or '-'
    product,  // '*' or '/'
    power     // parts[0] ^ parts[1]
  };
  Kind kind;
  std::size_t at;  // in the text: where it begins, or its operator
  double number = 0;
  std::string name{}, operators{};
  std::vector<std::size_t> operators_at{};
  std::vector<FormulaTerm> parts{};
  int first = 0, last = 0, step = 1;
};

struct FormulaSyntax {
  struct Definition {
    std::size_t at;
    std::string name;
    FormulaTerm value;
  };
  std::vector<Definition> definitions;  // let name = value;
  FormulaTerm result;
};

// Throws FormulaError. A text may have 50,000 bytes, and brackets 100 deep.
[[nodiscard]] FormulaSyntax parse_formula(const std::string& text);

}  // namespace pushforward
