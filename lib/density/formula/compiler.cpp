#include "density/formula/compiler.hpp"

#include <map>

#include "base/constants.hpp"
#include "base/text.hpp"

namespace pushforward {
namespace {

using Kind = FormulaTerm::Kind;

// A matrix with one column is a vector, as a column of a table is.
FormulaValue data_value(Graph& graph, const Array& array) {
  const std::vector<double> values = array.to<double>();
  if (values.size() == 1) return {graph.constant(values[0])};
  const int rows = static_cast<int>(array.shape[0]);
  const int columns = static_cast<int>(values.size()) / rows;
  if (columns == 1 || rows == 1) return {graph.constant(1, rows * columns, values)};
  return {transpose(graph.constant(rows, columns, values)), true};
}

class Compiler {
 public:
  Compiler(const FormulaSource& source, Graph& graph, Expr x) : graph_(graph), x_(x) {
    for (const ModelArray& data : source.data)
      names_.emplace(data.name, data_value(graph, data.array));
    std::map<std::string, std::vector<int>> vectors;
    for (std::size_t j = 0; j < source.names.size(); ++j) {
      const std::string& name = source.names[j];
      const std::size_t dot = name.find('.');
      vectors[name.substr(0, dot)].push_back(static_cast<int>(j));
    }
    for (const auto& [name, columns] : vectors)
      names_.emplace(name, FormulaValue{gather_columns(x, columns)});
    names_.emplace("x", FormulaValue{x});  // unless a column or data have that name
    names_.emplace("pi", number(pi));
  }

  Expr run(const FormulaSyntax& syntax) {
    for (const FormulaSyntax::Definition& definition : syntax.definitions)
      if (!names_.emplace(definition.name, value(definition.value)).second)
        throw FormulaError(definition.at, "'" + definition.name + "' has a value already");
    const FormulaValue result = value(syntax.result);
    if (result.matrix || result.size() != 1)
      throw FormulaError(syntax.result.at, "the result is " + described(result) +
                                               "; a log density is one number, as sum(...) is");
    if (result.expr.rows() == 1 && x_.rows() > 1)
      throw FormulaError(syntax.result.at, "the result does not depend on x, a log density should");
    return broadcast(result.expr, x_.rows(), 1);
  }

 private:
  [[nodiscard]] FormulaValue number(double value) const {
    return {graph_.constant(value), false, value};
  }

  FormulaValue value(const FormulaTerm& term) {
    switch (term.kind) {
      case Kind::number:
        return number(term.number);
      case Kind::name:
        return named(term);
      case Kind::call:
        return called(term);
      case Kind::list:
        if (term.parts.empty()) throw FormulaError(term.at, "a list has one number or more");
        return concatenated(vectors(term));
      case Kind::index:
        return elements(term.at, vector(term.parts[0]), term.first,
                        term.last == 0 ? term.first : term.last, term.step);
      case Kind::negative:
        return negative(vector(term.parts[0]));
      case Kind::sum:
      case Kind::product:
        return chained(term);
      case Kind::power:
        break;
    }
    return power(term.at, value(term.parts[0]), value(term.parts[1]));
  }

  FormulaValue chained(const FormulaTerm& term) {
    FormulaValue result = value(term.parts[0]);
    for (std::size_t i = 0; i < term.operators.size(); ++i) {
      const FormulaValue next = value(term.parts[i + 1]);
      const char c = term.operators[i];
      const auto join = c == '+' ? add : c == '-' ? subtract : c == '*' ? multiply : divide;
      result = join(term.operators_at[i], result, next);
    }
    return result;
  }

  FormulaValue vector(const FormulaTerm& term) {
    FormulaValue result = value(term);
    if (result.matrix)
      throw FormulaError(term.at, "only matmul takes a matrix, and this is " + described(result));
    return result;
  }

  std::vector<FormulaValue> vectors(const FormulaTerm& term) {
    std::vector<FormulaValue> values;
    for (const FormulaTerm& part : term.parts) values.push_back(vector(part));
    return values;
  }

  FormulaValue named(const FormulaTerm& term) const {
    const auto found = names_.find(term.name);
    if (found != names_.end()) return found->second;
    for (const FormulaFunction& function : formula_functions())
      if (term.name == function.name)
        throw FormulaError(term.at, "'" + term.name + "' is a function: " + function.signature);
    std::vector<std::string> known;
    for (const auto& [name, unused] : names_) known.push_back(name);
    throw FormulaError(term.at, "there is no '" + term.name + "'; there are " + joined(known));
  }

  FormulaValue called(const FormulaTerm& term) {
    const FormulaFunction* function = nullptr;
    std::vector<std::string> known;
    for (const FormulaFunction& one : formula_functions()) {
      known.emplace_back(one.name);
      if (term.name == one.name) function = &one;
    }
    if (function == nullptr)
      throw FormulaError(term.at,
                         "there is no function '" + term.name + "'; there are " + joined(known));
    const int count = static_cast<int>(term.parts.size());
    if (count < function->least || count > function->most)
      throw FormulaError(term.at, std::to_string(count) +
                                      (count == 1 ? " argument" : " arguments") +
                                      ", it should be " + function->signature);
    std::vector<FormulaValue> arguments;
    for (const FormulaTerm& part : term.parts)
      arguments.push_back(function->takes_matrix && arguments.empty() ? value(part) : vector(part));
    return function->of(term.at, arguments);
  }

  Graph& graph_;
  Expr x_;
  std::map<std::string, FormulaValue> names_;
};

}  // namespace

Expr compile_formula(const FormulaSyntax& syntax, const FormulaSource& source, Graph& graph,
                     Expr x) {
  return Compiler(source, graph, x).run(syntax);
}

}  // namespace pushforward
