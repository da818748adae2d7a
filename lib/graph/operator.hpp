// What the graph knows of an operator; for lib/graph alone. Each is defined in graph/ops, in the
// file that has its shape rule.
#pragma once

#include <functional>
#include <utility>
#include <vector>

#include "graph/node.hpp"
#include "graph/steps.hpp"

namespace pushforward {

// Adds `part` to the adjoint of input i of a node. It makes nodes: an adjoint calls it in the order
// in which sums are to be taken.
using Send = std::function<void(std::size_t i, Expr part)>;

// The tangents of a node's inputs; an invalid one stands for zero, and not all are invalid.
using Tangents = std::vector<Expr>;

// Makes the step of a node, for both types of number, from a generic function
// (const Node& node, auto* step). It sets step->run and, where there is any, step->scratch_size;
// step->shape is the node's rows and columns unless it says more.
class StepMaker {
 public:
  template <class Generic>
  constexpr StepMaker(Generic make) : single_(make), double_(make) {}
  void operator()(const Node& node, Step<float>* step) const { single_(node, step); }
  void operator()(const Node& node, Step<double>* step) const { double_(node, step); }

 private:
  void (*single_)(const Node& node, Step<float>* step);
  void (*double_)(const Node& node, Step<double>* step);
};

struct Operator {
  enum Trait : unsigned {
    plain = 0,
    alias = 1,            // the numbers of its first operand: it has no step
    overwrites = 2,       // its result may be written over an operand of its size
    takes_bias = 4,       // its step adds a row, if there is a third operand
    needs_workspace = 8,  // its step has scratch memory, which there is at every run only
  };

  const char* name;
  // Sends the adjoint g of a node back to its inputs. Null: the derivative is 0.
  void (*adjoint)(const Node* node, Expr g, const Send& send);
  // The tangent of a node. Null where `adjoint` is.
  Expr (*tangent)(const Node* node, const Tangents& tangents);
  StepMaker step;  // nullptr for leaves and aliases
  unsigned traits = plain;

  [[nodiscard]] bool has(Trait trait) const { return (traits & trait) != 0; }
};

// Those that other operators, or plans, look for.
extern const Operator input_operator, parameter_operator, constant_operator;
extern const Operator stop_gradient_operator, broadcast_operator, transpose_operator;
extern const Operator repeat_rows_operator;

// The sum of two tangents, either of which may be invalid.
[[nodiscard]] inline Expr sum_of_tangents(Expr a, Expr b) {
  return !a.valid() ? b : !b.valid() ? a : a + b;
}

// The tangent of a node that is linear in each of its two operands; of(a, b) is its operator.
template <class Of>
[[nodiscard]] Expr bilinear_tangent(const Node* node, const Tangents& tangents, const Of& of) {
  const Expr a = tangents[0], b = tangents[1];
  return sum_of_tangents(a.valid() ? of(a, node->in(1)) : a, b.valid() ? of(node->in(0), b) : b);
}

// Sends to two operands, once both parts are made.
inline void send_both(const Send& send, const std::pair<Expr, Expr>& parts) {
  send(0, parts.first);
  send(1, parts.second);
}

// Sends to operands that were broadcast to the node.
[[nodiscard]] inline Send summing_broadcasts(const Node* node, const Send& send) {
  return [node, &send](std::size_t i, Expr part) {
    const Node* input = node->inputs[i];
    send(i, reduce_to(broadcast(part, node->rows, node->columns), input->rows, input->columns));
  };
}

}  // namespace pushforward
