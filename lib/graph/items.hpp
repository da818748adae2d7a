// What a Plan computes, in order; for lib/graph alone.
#pragma once

#include <vector>

#include "graph/operator.hpp"

namespace pushforward {

// A node to be computed, perhaps together with an operand that nobody else needs.
struct Item {
  const Node* result;                   // whose value it is
  const Node* compute;                  // whose step makes it: `result`, or an operand
  const Operator* op;                   // that makes the step, of `compute`
  std::vector<const Node*> operands{};  // whose buffers it reads
};

[[nodiscard]] inline bool is_leaf(const Node* node) {
  return node->op == &input_operator || node->op == &parameter_operator;
}

// The node whose buffer holds a node's numbers: an alias has those of its operand. Its rows and
// columns may be others.
[[nodiscard]] const Node* value_of(const Node* node);

// Everything the outputs need but leaves, operands before results.
[[nodiscard]] std::vector<Item> order_items(const std::vector<Expr>& outputs);

}  // namespace pushforward
