#include "nn/parameters.hpp"

#include <algorithm>
#include <stdexcept>

namespace pushforward {
namespace {

// FNV-1a: the initial values of a parameter depend on its name, not on its position in the list.
std::uint64_t hash_name(const std::string& name) {
  std::uint64_t hash = 0xcbf29ce484222325ull;
  for (const char c : name) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3ull;
  return hash & 0xffffffffffffull;  // a row number: 48 bits
}

}  // namespace

const Parameter* ParameterTable::find(const std::string& name) const {
  const auto at = index_.find(name);
  return at == index_.end() ? nullptr : &list_[at->second];
}

ParameterRange ParameterTable::below(const std::string& scope) const {
  if (scope.empty()) return {0, list_.size(), 0, values.size()};
  ParameterRange range;
  for (std::size_t i = 0; i < list_.size(); ++i) {
    const Parameter& p = list_[i];
    if (p.name.compare(0, scope.size() + 1, scope + "/") != 0) continue;
    if (range.count == 0) range = {i, 0, p.offset, 0};
    if (i != range.first + range.count)
      throw std::logic_error("the parameters below " + scope + " do not stand together");
    ++range.count;
    range.size += static_cast<std::size_t>(p.rows) * static_cast<std::size_t>(p.columns);
  }
  if (range.count == 0) throw std::logic_error("there are no parameters below " + scope);
  return range;
}

void ParameterTable::add(const std::string& name, int rows, int columns,
                         const Initializer& initializer, std::uint64_t seed) {
  if (find(name) != nullptr) throw std::logic_error("parameter " + name + " declared twice");
  const std::size_t offset = values.size();
  const std::size_t count = static_cast<std::size_t>(rows) * static_cast<std::size_t>(columns);
  if (count > most - offset) throw TooManyParameters();
  values.resize(offset + count, initializer.scale);
  double* out = values.data() + offset;
  const Random random(seed, Stream::parameters);
  if (initializer.kind == Initializer::Kind::uniform) {
    random.fill_uniform(out, 1, count, hash_name(name));
    for (std::size_t i = 0; i < count; ++i) out[i] = initializer.scale * (2 * out[i] - 1);
  } else if (initializer.kind == Initializer::Kind::normal) {
    random.fill_normal(out, 1, count, hash_name(name));
    for (std::size_t i = 0; i < count; ++i) out[i] *= initializer.scale;
  } else if (initializer.kind == Initializer::Kind::given) {
    if (initializer.values.size() != count)
      throw std::logic_error("parameter " + name + " is given values of another shape");
    std::copy(initializer.values.begin(), initializer.values.end(), out);
  }
  if (const Staircase& limit = initializer.limit; !limit.empty())
    for (std::size_t i = 0; i < count; ++i) {
      const std::size_t row = i / static_cast<std::size_t>(columns);
      const std::size_t column = i % static_cast<std::size_t>(columns);
      if (row >= static_cast<std::size_t>(limit[column % limit.size()])) out[i] = 0;
    }
  // Rounded to float, so that a model starts the same in every precision and a float32 file holds
  // it exactly.
  for (std::size_t i = 0; i < count; ++i) out[i] = static_cast<double>(static_cast<float>(out[i]));
  index_[name] = list_.size();
  list_.push_back({name, rows, columns, offset});
}

Binding::Binding(Graph* graph, ParameterTable* table, std::uint64_t seed)
    : graph_(graph), open_table_(table), table_(table), seed_(seed) {}

Binding::Binding(Graph* graph, const ParameterTable* table) : graph_(graph), table_(table) {}

Expr Binding::parameter(const std::string& name, int rows, int columns,
                        const Initializer& initializer) {
  const auto at = made_.find(name);
  if (at != made_.end()) return at->second;
  const Parameter* found = table_->find(name);
  if (found == nullptr) {
    if (open_table_ == nullptr) throw std::logic_error("the model has no parameter " + name);
    open_table_->add(name, rows, columns, initializer, seed_);
  } else if (found->rows != rows || found->columns != columns) {
    throw std::logic_error("parameter " + name + " has another shape");
  }
  return made_[name] = graph_->parameter(name, rows, columns);
}

std::vector<Expr> Binding::expressions() {
  std::vector<Expr> all;
  for (const Parameter& parameter : table_->list()) {
    Expr& made = made_[parameter.name];
    if (!made.valid()) made = graph_->parameter(parameter.name, parameter.rows, parameter.columns);
    all.push_back(made);
  }
  return all;
}

}  // namespace pushforward
