#include "graph/expr.hpp"

#include <functional>
#include <stdexcept>

#include "graph/operator.hpp"

namespace pushforward {
namespace {

void mix(std::size_t* hash, std::size_t value) {
  *hash ^= value + 0x9e3779b97f4a7c15ull + (*hash << 6) + (*hash >> 2);
}
template <class T>
void mix_value(std::size_t* hash, const T& value) {
  mix(hash, std::hash<T>{}(value));
}
template <class T>
void mix_value(std::size_t* hash, const std::vector<T>& values) {
  for (const T& value : values) mix_value(hash, value);
}

std::size_t hash_of(const Node& node) {
  std::size_t hash = std::hash<const Operator*>{}(node.op);
  mix_value(&hash, node.rows);
  mix_value(&hash, node.columns);
  for (const Node* input : node.inputs) mix_value(&hash, input->id);
  const auto mix_members = [&hash](const auto&... member) { (mix_value(&hash, member), ...); };
  std::visit([&](const auto& attribute) { std::apply(mix_members, members(attribute)); },
             node.attributes);
  return hash;
}

bool same(const Attributes& a, const Attributes& b) {
  if (a.index() != b.index()) return false;
  const auto same_as_b = [&b](const auto& of_a) {
    return members(of_a) == members(std::get<std::decay_t<decltype(of_a)>>(b));
  };
  return std::visit(same_as_b, a);
}

bool same(const Node& a, const Node& b) {
  return a.op == b.op && a.rows == b.rows && a.columns == b.columns && a.inputs == b.inputs &&
         same(a.attributes, b.attributes);
}

}  // namespace

const Node* Graph::Store::intern(Node node) {
  const bool shared = node.op != &input_operator && node.op != &parameter_operator;
  std::size_t hash = 0;
  if (shared) {
    hash = hash_of(node);
    const auto range = by_hash.equal_range(hash);
    for (auto at = range.first; at != range.second; ++at)
      if (same(*at->second, node)) return at->second;
  }
  node.id = nodes.size();
  node.varying = node.op == &input_operator || node.op->has(Operator::needs_workspace);
  for (const Node* input : node.inputs) node.varying = node.varying || input->varying;
  nodes.push_back(std::move(node));
  if (shared) by_hash.emplace(hash, &nodes.back());
  return &nodes.back();
}

int Expr::rows() const { return node_->rows; }
int Expr::columns() const { return node_->columns; }
Graph& Expr::graph() const { return *node_->graph; }

Graph::Graph() : store_(std::make_unique<Store>()) {}
Graph::~Graph() = default;

Expr make_node(Node node) {
  Graph* graph = node.inputs.at(0)->graph;
  for (const Node* input : node.inputs)
    if (input->graph != graph) throw std::invalid_argument("expressions of two graphs");
  node.graph = graph;
  return Expr(graph->store().intern(std::move(node)));
}

}  // namespace pushforward
