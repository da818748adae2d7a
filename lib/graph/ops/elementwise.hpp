// Elementwise functions of one and of two operands, a row each; for lib/graph alone.
#pragma once

#include "graph/operator.hpp"

namespace pushforward {

struct UnaryFunction {
  const char* name;
  Unary kernel;
  Expr (*slope)(Expr x, Expr y);  // dy/dx of y = f(x), elementwise
  // The adjoint of x from the adjoint g of y, where one kernel computes it; otherwise g slope(x,
  // y).
  Expr (*adjoint)(Expr g, Expr y) = nullptr;
};

struct BinaryFunction {
  const char* name;
  Binary kernel;
  // As those of an Operator; what is sent is summed down to operands that are broadcast.
  void (*adjoint)(const Node* node, Expr g, const Send& send);
  Expr (*tangent)(const Node* node, Expr of_a, Expr of_b);
};

Expr make_unary(const UnaryFunction& function, Expr x);
Expr make_binary(const BinaryFunction& function, Expr a, Expr b);

[[nodiscard]] bool is_unary(const Node* node, const UnaryFunction& function);
[[nodiscard]] bool is_binary(const Node* node, const BinaryFunction& function);

extern const UnaryFunction sigmoid_function;
extern const BinaryFunction add_function, multiply_function;
extern const BinaryFunction tanh_backward_function;  // a (1 - b^2): a the adjoint of b = tanh(x)
extern const BinaryFunction relu_backward_function;  // a where b > 0, else 0: that of b = relu(x)
extern const BinaryFunction silu_slope_function;     // a + b (1 - a), from a = sigmoid(x), b = x a

// g silu_slope(s, y) in one pass, of operands g, s, y. No node has it: plans fold products into it.
extern const Operator silu_backward_operator;

// The repeat_rows node that operand i of a node is, where the step of the node reads that one's
// operand instead; else null. A binary node does so, for one of its operands.
[[nodiscard]] const Node* repeated_operand(const Node& node, std::size_t i);

}  // namespace pushforward
