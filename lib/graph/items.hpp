// What a Plan computes, in order; for lib/graph alone.
#pragma once

#include <vector>

#include "graph/steps.hpp"

namespace pushforward {

// A node to be computed, perhaps by the kernel of an operand that nobody else needs.
struct Item {
  const Node* result;   // whose value it is
  const Node* compute;  // whose kernel makes it: `result`, or an operand
  Fold fold = Fold::none;
  std::vector<const Node*> operands{};  // whose buffers it reads
};

[[nodiscard]] inline bool is_leaf(const Node* node) {
  return node->op == Op::input || node->op == Op::parameter;
}

[[nodiscard]] inline std::size_t size_of(const Node* node) {
  return static_cast<std::size_t>(node->rows) * static_cast<std::size_t>(node->columns);
}

// The node whose buffer holds a node's numbers: stop_gradient, attach and reshape are their operand
// as far as numbers go. Its rows and columns may be others.
[[nodiscard]] const Node* value_of(const Node* node);

// Everything the outputs need but leaves, operands before results.
[[nodiscard]] std::vector<Item> order_items(const std::vector<Expr>& outputs);

}  // namespace pushforward
