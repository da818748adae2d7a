// Elementwise functions of one operand.
#include <stdexcept>

#include "graph/ops/elementwise.hpp"

namespace pushforward {
namespace {

Expr slope_at(const Node* node) {
  return node->get<const UnaryFunction*>()->slope(node->in(0), Expr(node));
}

Expr zero_slope(Expr x, Expr) { return filled(x.graph(), x.rows(), x.columns(), 0); }

const Operator unary_operator = {
    "unary",
    [](const Node* node, Expr g, const Send& send) {
      const UnaryFunction& function = *node->get<const UnaryFunction*>();
      if (function.adjoint != nullptr)
        send(0, function.adjoint(g, Expr(node)));
      else
        send(0, g * slope_at(node));
    },
    [](const Node* node, const Tangents& tangents) { return tangents[0] * slope_at(node); },
    [](const Node& node, auto* step) {
      const UnaryFunction& function = *node.get<const UnaryFunction*>();
      step->kernel = function.name;
      step->run = [f = static_cast<int>(function.kernel), n = size_of(&node)](const auto& kernel,
                                                                              const auto& at) {
        kernel.unary[f](n, at.in(0), at.out());
      };
    },
    Operator::overwrites};

}  // namespace

Expr make_unary(const UnaryFunction& function, Expr x) {
  if (x.node()->op == &repeat_rows_operator)
    return repeat_rows(make_unary(function, x.node()->in(0)), x.node()->get<RowBlocks>().block);
  return make_node({&unary_operator, x.rows(), x.columns(), {x.node()}, &function});
}

bool is_unary(const Node* node, const UnaryFunction& function) {
  return node->op == &unary_operator && node->get<const UnaryFunction*>() == &function;
}

Expr exp(Expr x) {
  static constexpr UnaryFunction row = {"exp", Unary::exp, [](Expr, Expr y) { return y; }};
  return make_unary(row, x);
}

Expr log(Expr x) {
  static constexpr UnaryFunction row = {"log", Unary::log,
                                        [](Expr at, Expr) { return reciprocal(at); }};
  return make_unary(row, x);
}

Expr tanh(Expr x) {
  static constexpr UnaryFunction slope = {"tanh_slope", Unary::tanh_slope,
                                          [](Expr at, Expr) { return -2.0 * at; }};
  static constexpr UnaryFunction row = {
      "tanh", Unary::tanh, [](Expr, Expr y) { return make_unary(slope, y); },
      [](Expr g, Expr y) { return make_binary(tanh_backward_function, g, y); }};
  return make_unary(row, x);
}

const UnaryFunction sigmoid_function = {"sigmoid", Unary::sigmoid, [](Expr, Expr y) {
                                          static constexpr UnaryFunction slope = {
                                              "sigmoid_slope", Unary::sigmoid_slope,
                                              [](Expr at, Expr) { return 1.0 - 2.0 * at; }};
                                          return make_unary(slope, y);
                                        }};
Expr sigmoid(Expr x) { return make_unary(sigmoid_function, x); }

Expr softplus(Expr x) {
  static constexpr UnaryFunction row = {"softplus", Unary::softplus,
                                        [](Expr at, Expr) { return sigmoid(at); }};
  return make_unary(row, x);
}

Expr relu(Expr x) {
  static constexpr UnaryFunction row = {
      "relu", Unary::relu, [](Expr, Expr y) { return heaviside(y); },
      [](Expr g, Expr y) { return make_binary(relu_backward_function, g, y); }};
  return make_unary(row, x);
}

Expr sqrt(Expr x) {
  static constexpr UnaryFunction row = {"sqrt", Unary::sqrt, [](Expr, Expr y) { return 0.5 / y; }};
  return make_unary(row, x);
}

Expr square(Expr x) {
  static constexpr UnaryFunction row = {"square", Unary::square,
                                        [](Expr at, Expr) { return 2.0 * at; }};
  return make_unary(row, x);
}

Expr reciprocal(Expr x) {
  static constexpr UnaryFunction row = {"reciprocal", Unary::reciprocal,
                                        [](Expr, Expr y) { return -square(y); }};
  return make_unary(row, x);
}

Expr abs(Expr x) {
  static constexpr UnaryFunction row = {"abs", Unary::abs, [](Expr at, Expr) { return sign(at); }};
  return make_unary(row, x);
}

Expr sign(Expr x) {
  static constexpr UnaryFunction row = {"sign", Unary::sign, zero_slope};
  return make_unary(row, x);
}

Expr heaviside(Expr x) {
  static constexpr UnaryFunction row = {"heaviside", Unary::heaviside, zero_slope};
  return make_unary(row, x);
}

Expr sin(Expr x) {
  static constexpr UnaryFunction row = {"sin", Unary::sin, [](Expr at, Expr) { return cos(at); }};
  return make_unary(row, x);
}

Expr cos(Expr x) {
  static constexpr UnaryFunction row = {"cos", Unary::cos, [](Expr at, Expr) { return -sin(at); }};
  return make_unary(row, x);
}

Expr erf(Expr x) {
  static constexpr double peak = 1.12837916709551257390;  // 2 / sqrt(pi)
  static constexpr UnaryFunction row = {"erf", Unary::erf,
                                        [](Expr at, Expr) { return peak * exp(-square(at)); }};
  return make_unary(row, x);
}

Expr log1p(Expr x) {
  static constexpr UnaryFunction row = {"log1p", Unary::log1p,
                                        [](Expr at, Expr) { return reciprocal(1.0 + at); }};
  return make_unary(row, x);
}

Expr expm1(Expr x) {
  static constexpr UnaryFunction row = {"expm1", Unary::expm1,
                                        [](Expr, Expr y) { return 1.0 + y; }};
  return make_unary(row, x);
}

Expr lgamma(Expr x) {
  static constexpr UnaryFunction row = {"lgamma", Unary::lgamma,
                                        [](Expr at, Expr) { return digamma(at); }};
  return make_unary(row, x);
}

Expr digamma(Expr x) {
  static constexpr UnaryFunction row = {"digamma", Unary::digamma,
                                        [](Expr at, Expr) { return trigamma(at); }};
  return make_unary(row, x);
}

Expr trigamma(Expr x) {
  static constexpr UnaryFunction row = {
      "trigamma", Unary::trigamma,
      [](Expr, Expr) -> Expr { throw std::logic_error("lgamma is differentiated twice at most"); }};
  return make_unary(row, x);
}

}  // namespace pushforward
