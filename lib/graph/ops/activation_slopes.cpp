// Functions that only derivatives make: an adjoint times the slope of an activation.
#include "graph/ops/elementwise.hpp"

namespace pushforward {

Expr silu(Expr x) { return x * sigmoid(x); }

const BinaryFunction silu_slope_function = {"silu_slope", Binary::silu_slope,
                                            [](const Node* node, Expr g, const Send& send) {
                                              send(0, g * (1.0 - node->in(1)));
                                              send(1, g * (1.0 - node->in(0)));
                                            },
                                            [](const Node* node, Expr of_a, Expr of_b) {
                                              return sum_of_tangents(
                                                  of_a.valid() ? of_a * (1.0 - node->in(1)) : of_a,
                                                  of_b.valid() ? of_b * (1.0 - node->in(0)) : of_b);
                                            }};

const Operator silu_backward_operator = {
    "silu_backward", nullptr, nullptr,
    [](const Node& node, auto* step) {
      step->run = [n = size_of(&node)](const auto& kernel, const auto& at) {
        kernel.silu_backward(n, at.in(0), at.in(1), at.in(2), at.out());
      };
    },
    Operator::overwrites};

const BinaryFunction tanh_backward_function = {
    "tanh_backward", Binary::tanh_backward,
    [](const Node* node, Expr g, const Send& send) {
      send(0, make_binary(tanh_backward_function, g, node->in(1)));
      send(1, g * node->in(0) * (-2.0 * node->in(1)));
    },
    [](const Node* node, Expr of_a, Expr of_b) {
      return sum_of_tangents(
          of_a.valid() ? make_binary(tanh_backward_function, of_a, node->in(1)) : of_a,
          of_b.valid() ? node->in(0) * (-2.0 * node->in(1)) * of_b : of_b);
    }};

const BinaryFunction relu_backward_function = {
    "relu_backward", Binary::relu_backward,
    [](const Node* node, Expr g, const Send& send) {
      send(0, make_binary(relu_backward_function, g, node->in(1)));
    },
    [](const Node* node, Expr of_a, Expr) {
      return of_a.valid() ? make_binary(relu_backward_function, of_a, node->in(1)) : of_a;
    }};

}  // namespace pushforward
