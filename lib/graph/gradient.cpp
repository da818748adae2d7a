// Reverse and forward accumulation over the operators' own adjoints and tangents.
#include <algorithm>
#include <map>
#include <stdexcept>

#include "graph/operator.hpp"

namespace pushforward {
namespace {

// Marks, by id, the nodes that depend on one of `xs`.
std::vector<bool> dependents(Graph& graph, const std::vector<Expr>& xs) {
  const auto& nodes = graph.store().nodes;
  std::vector<bool> depends(nodes.size(), false);
  for (const Expr x : xs) depends[x.node()->id] = true;
  for (const Node& node : nodes) {
    if (node.op->adjoint == nullptr) continue;
    for (const Node* input : node.inputs)
      if (depends[input->id]) depends[node.id] = true;
  }
  return depends;
}

}  // namespace

std::vector<Expr> gradient(Expr y, const std::vector<Expr>& xs) {
  Graph& graph = y.graph();
  const std::vector<bool> depends = dependents(graph, xs);
  std::map<std::size_t, Expr> adjoints;
  std::map<std::size_t, Expr> wanted;
  for (const Expr x : xs) wanted[x.node()->id] = Expr();
  if (depends[y.node()->id]) adjoints[y.node()->id] = filled(graph, y.rows(), y.columns(), 1);
  while (!adjoints.empty()) {
    const auto last = std::prev(adjoints.end());  // all its consumers have been visited
    const std::size_t id = last->first;
    const Expr g = last->second;
    adjoints.erase(last);
    const Node* node = &graph.store().nodes[id];
    if (const auto want = wanted.find(id); want != wanted.end()) want->second = g;
    if (node->op->adjoint == nullptr) continue;
    node->op->adjoint(node, g, [&](std::size_t i, Expr part) {
      const std::size_t to = node->inputs[i]->id;
      if (!depends[to]) return;
      Expr& sum_so_far = adjoints[to];
      sum_so_far = sum_so_far.valid() ? sum_so_far + part : part;
    });
  }
  std::vector<Expr> result;
  for (const Expr x : xs) {
    const Expr g = wanted[x.node()->id];
    result.push_back(g.valid() ? g : filled(graph, x.rows(), x.columns(), 0));
  }
  return result;
}

Expr gradient(Expr y, Expr x) { return gradient(y, std::vector<Expr>{x})[0]; }

std::vector<Expr> tangent(const std::vector<Expr>& ys, const std::vector<Expr>& xs,
                          const std::vector<Expr>& vs) {
  if (xs.size() != vs.size()) throw std::invalid_argument("tangent: a direction an input");
  Graph& graph = ys.at(0).graph();
  const std::vector<bool> depends = dependents(graph, xs);
  std::map<std::size_t, Expr> tangents;
  for (std::size_t i = 0; i < xs.size(); ++i) tangents[xs[i].node()->id] = vs[i];
  std::size_t last = 0;
  for (const Expr y : ys) last = std::max(last, y.node()->id);
  std::vector<bool> needed(last + 1, false);
  for (const Expr y : ys) needed[y.node()->id] = true;
  for (std::size_t id = last + 1; id-- > 0;)
    if (needed[id])
      for (const Node* input : graph.store().nodes[id].inputs) needed[input->id] = true;
  for (std::size_t id = 0; id <= last; ++id) {
    if (!needed[id] || !depends[id] || tangents.count(id) != 0) continue;
    const Node* node = &graph.store().nodes[id];
    std::vector<Expr> parts;
    for (const Node* input : node->inputs) {
      const auto at = tangents.find(input->id);
      parts.push_back(at == tangents.end() ? Expr() : at->second);
    }
    tangents[id] = node->op->tangent(node, parts);
  }
  std::vector<Expr> result;
  for (const Expr y : ys) {
    const auto at = tangents.find(y.node()->id);
    result.push_back(at == tangents.end() ? filled(graph, y.rows(), y.columns(), 0) : at->second);
  }
  return result;
}

}  // namespace pushforward
