// Named parameters in one flat buffer, which is saved, reduced and updated as a whole.
#pragma once

#include <cstdint>
#include <exception>
#include <functional>
#include <limits>
#include <map>
#include <string>
#include <vector>

#include "base/random.hpp"
#include "graph/expr.hpp"

namespace pushforward {

struct Parameter {
  std::string name;  // "layer_0/hidden_0/weight": its path below /model/parameters
  int rows, columns;
  std::size_t offset;  // into the flat buffer
};

// Initial values of a parameter.
struct Initializer {
  enum class Kind { constant, uniform, normal, given } kind = Kind::constant;
  double scale = 0;              // the constant, the half-width, or the standard deviation
  std::vector<double> values{};  // of Kind::given
  Staircase limit{};             // entries outside the staircase are zero; empty: no mask
  [[nodiscard]] static Initializer zeros() { return {Kind::constant, 0}; }
  [[nodiscard]] static Initializer constant(double value) { return {Kind::constant, value}; }
  [[nodiscard]] static Initializer uniform(double half_width) {
    return {Kind::uniform, half_width};
  }
  [[nodiscard]] static Initializer normal(double deviation) { return {Kind::normal, deviation}; }
  [[nodiscard]] static Initializer given(std::vector<double> values) {
    return {Kind::given, 0, std::move(values)};
  }
};

// Consecutive parameters of a table.
struct ParameterRange {
  std::size_t first = 0, count = 0;  // in the list
  std::size_t offset = 0, size = 0;  // in the flat buffer, numbers
};

// Thrown while a model is built, if it has more parameters than it may have.
class TooManyParameters : public std::exception {
 public:
  [[nodiscard]] const char* what() const noexcept override {
    return "more parameters than there may be";
  }
};

// The parameters of a model, in the order in which building it declared them. Values are kept in
// double, which holds those of a model trained in float exactly.
class ParameterTable {
 public:
  [[nodiscard]] const std::vector<Parameter>& list() const { return list_; }
  [[nodiscard]] std::size_t size() const { return values.size(); }  // numbers
  [[nodiscard]] const Parameter* find(const std::string& name) const;
  // The parameters below `scope` ("generator": "generator/output/weight", ...); all if it is empty.
  // std::logic_error if there are none or they are not consecutive.
  [[nodiscard]] ParameterRange below(const std::string& scope) const;
  // Adds a parameter; its initial values depend on (seed, name) alone. Throws TooManyParameters,
  // before it allocates memory, if there would be more than `most` numbers.
  void add(const std::string& name, int rows, int columns, const Initializer& initializer,
           std::uint64_t seed);
  std::vector<double> values;
  std::size_t most = std::numeric_limits<std::size_t>::max();

 private:
  std::vector<Parameter> list_;
  std::map<std::string, std::size_t> index_;
};

// The parameters of one table as expressions of one graph. Building a model against an empty table
// declares its parameters; building it again, in the same or another graph, finds them. After
// building, expressions() lists every parameter of the table in table order, as Plan takes them.
class Binding {
 public:
  // With `seed`, missing parameters are added to the table. Without, a missing one is
  // std::logic_error; reading a model file checks this first.
  Binding(Graph* graph, ParameterTable* table, std::uint64_t seed);
  Binding(Graph* graph, const ParameterTable* table);

  [[nodiscard]] Graph& graph() const { return *graph_; }
  Expr parameter(const std::string& name, int rows, int columns, const Initializer& initializer);
  [[nodiscard]] std::vector<Expr> expressions();

 private:
  Graph* graph_;
  ParameterTable* open_table_ = nullptr;
  const ParameterTable* table_;
  std::uint64_t seed_ = 0;
  std::map<std::string, Expr> made_;
};

// A prefix of parameter names: scope / "hidden_0" is the prefix ".../hidden_0".
class Scope {
 public:
  explicit Scope(Binding* binding, std::string path = "")
      : binding_(binding), path_(std::move(path)) {}
  [[nodiscard]] Graph& graph() const { return binding_->graph(); }
  [[nodiscard]] Scope operator/(const std::string& name) const {
    return Scope(binding_, path_.empty() ? name : path_ + "/" + name);
  }
  [[nodiscard]] Expr parameter(const std::string& name, int rows, int columns,
                               const Initializer& initializer) const {
    return binding_->parameter((*this / name).path_, rows, columns, initializer);
  }

 private:
  Binding* binding_;
  std::string path_;
};

}  // namespace pushforward
