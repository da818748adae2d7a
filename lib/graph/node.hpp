// The nodes behind expressions; for lib/graph alone.
#pragma once

#include <deque>
#include <unordered_map>
#include <variant>
#include <vector>

#include "graph/attributes.hpp"
#include "graph/expr.hpp"

namespace pushforward {

struct Operator;  // graph/operator.hpp

struct Node {
  const Operator* op;
  int rows, columns;
  std::vector<const Node*> inputs{};
  Attributes attributes{};
  std::size_t id = 0;    // inputs have smaller ids: ids are a topological order
  bool varying = false;  // depends on an input, so is computed at every run
  Graph* graph = nullptr;

  [[nodiscard]] Expr in(std::size_t i) const { return Expr(inputs[i]); }
  // The attribute that the operator gives its nodes.
  template <class Attribute>
  [[nodiscard]] const Attribute& get() const {
    return std::get<Attribute>(attributes);
  }
};

struct Graph::Store {
  std::deque<Node> nodes;
  std::unordered_multimap<std::size_t, const Node*> by_hash;

  // The node equal to `node`, made if there is none. Leaves other than constants are never shared.
  const Node* intern(Node node);
};

// The node equal to `node` in the graph of its first input.
Expr make_node(Node node);

// Constants, also as broadcasts of a 1 x 1 constant.
[[nodiscard]] bool is_constant(const Node* node, double value);
[[nodiscard]] Expr filled(Graph& graph, int rows, int columns, double value);

Expr make_affine(Expr x, double scale, double shift);

// The extent that operands of extents a and b broadcast to; std::invalid_argument if there is none.
[[nodiscard]] int common_extent(int a, int b);
// x with the extents that x and other broadcast to.
[[nodiscard]] Expr broadcast_with(Expr x, Expr other);
// The sum of x down to rows x columns, extents that are 1 there being summed.
[[nodiscard]] Expr reduce_to(Expr x, int rows, int columns);

}  // namespace pushforward
