#include "graph/items.hpp"

#include <map>

#include "graph/ops/elementwise.hpp"

namespace pushforward {

const Node* value_of(const Node* node) {
  while (node->op->has(Operator::alias)) node = node->inputs[0];
  return node;
}

namespace {

// The node whose buffer a node reads as operand i.
const Node* operand_of(const Node* node, std::size_t i) {
  const Node* repeat = repeated_operand(*node, i);
  return value_of(repeat != nullptr ? repeat->inputs[0] : node->inputs[i]);
}

bool same_shape(const Node* a, const Node* b) {
  return a->rows == b->rows && a->columns == b->columns;
}

// Folds operand i of an addition or product into one kernel with it, if there is one. The operand
// is known to have no other use.
bool fold_operand(std::size_t i, Item* item) {
  const Node* node = item->result;
  const Node* operand = item->operands[i];
  const Node* other = item->operands[1 - i];
  const Node* row = node->inputs[1 - i];  // `other`, as this node sees it
  const auto input = [operand](std::size_t k) { return value_of(operand->inputs[k]); };
  if (operand->varying != node->varying || !same_shape(operand, node)) return false;
  if (is_binary(node, add_function) && operand->op->has(Operator::takes_bias) && row->rows == 1 &&
      row->columns == node->columns) {
    item->compute = operand;
    item->op = operand->op;
    item->operands = {input(0), input(1), other};
    return true;
  }
  if (is_binary(node, multiply_function) && is_binary(operand, silu_slope_function) &&
      same_shape(other, node) && repeated_operand(*operand, 0) == nullptr &&
      repeated_operand(*operand, 1) == nullptr) {
    item->op = &silu_backward_operator;
    item->operands = {other, input(0), input(1)};
    return true;
  }
  return false;
}

}  // namespace

std::vector<Item> order_items(const std::vector<Expr>& outputs) {
  std::map<std::size_t, const Node*> reached;
  std::map<std::size_t, int> uses;
  std::vector<const Node*> open;
  const auto reach = [&](const Node* node) {
    ++uses[node->id];
    if (reached.emplace(node->id, node).second) open.push_back(node);
  };
  for (const Expr output : outputs) {
    reach(value_of(output.node()));
    ++uses[value_of(output.node())->id];  // an output is never folded away
  }
  while (!open.empty()) {
    const Node* node = open.back();
    open.pop_back();
    for (std::size_t i = 0; i < node->inputs.size(); ++i) reach(operand_of(node, i));
  }
  std::map<std::size_t, Item> items;
  for (const auto& [id, node] : reached) {
    if (is_leaf(node)) continue;
    Item item{node, node, node->op};
    for (std::size_t i = 0; i < node->inputs.size(); ++i)
      item.operands.push_back(operand_of(node, i));
    if (is_binary(node, add_function) || is_binary(node, multiply_function))
      for (std::size_t i = 0; i < 2; ++i) {
        const std::size_t operand = item.operands[i]->id;
        if (uses[operand] != 1 || !fold_operand(i, &item)) continue;
        items.erase(operand);
        break;
      }
    items.emplace(id, std::move(item));
  }
  std::vector<Item> ordered;
  for (auto& [id, item] : items) ordered.push_back(std::move(item));
  return ordered;
}

}  // namespace pushforward
