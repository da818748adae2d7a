#include "graph/bilinear.hpp"

#include <stdexcept>

namespace pushforward {

Expr bilinear_of(const Node* node, Expr a, Expr b) {
  switch (node->op) {
    case Op::matmul:
      return matmul(a, b);
    case Op::matmul_transposed:
      return matmul_transposed(a, b);
    case Op::masked_matmul:
      return masked_matmul(a, b, node->index);
    case Op::masked_matmul_back:
      return masked_matmul_back(a, b, node->index);
    case Op::masked_outer:
      return masked_outer(a, b, node->index);
    case Op::batched_matmul:
      return make_batched_matmul(a, b, node->index[0], static_cast<Turned>(node->index[1]));
    case Op::convolution:
    case Op::convolution_back:
    case Op::convolution_weights:
      return make_convolution(node->op, node->index, a, b);
    default:
      throw std::logic_error("not a bilinear operator");
  }
}

std::pair<Expr, Expr> bilinear_adjoints(const Node* node, Expr g) {
  const Expr a{node->inputs[0]}, b{node->inputs[1]};
  const std::vector<int>& index = node->index;
  switch (node->op) {
    case Op::matmul:
      return {matmul(g, transpose(b)), matmul_transposed(a, g)};
    case Op::matmul_transposed:
      return {matmul(b, transpose(g)), matmul(a, g)};
    case Op::masked_matmul:
      return {masked_matmul_back(g, transpose(b), index), masked_outer(a, g, index)};
    case Op::masked_matmul_back:
      return {masked_matmul(g, transpose(b), index), transpose(masked_outer(g, a, index))};
    case Op::masked_outer:
      return {masked_matmul_back(b, transpose(g), index), masked_matmul(a, g, index)};
    case Op::batched_matmul: {
      const auto product = [&index](Expr x, Expr y, Turned turned) {
        return make_batched_matmul(x, y, index[0], turned);
      };
      switch (static_cast<Turned>(index[1])) {
        case Turned::neither:
          return {product(g, b, Turned::right), product(a, g, Turned::left)};
        case Turned::left:
          return {product(b, g, Turned::right), product(a, g, Turned::neither)};
        case Turned::right:
          return {product(g, b, Turned::neither), product(g, a, Turned::left)};
      }
      break;
    }
    case Op::convolution:
      return {make_convolution(Op::convolution_back, index, g, b),
              make_convolution(Op::convolution_weights, index, a, g)};
    case Op::convolution_back:
      return {make_convolution(Op::convolution, index, g, b),
              make_convolution(Op::convolution_weights, index, g, a)};
    case Op::convolution_weights:
      return {make_convolution(Op::convolution_back, index, b, g),
              make_convolution(Op::convolution, index, a, g)};
    default:
      break;
  }
  throw std::logic_error("not a bilinear operator");
}

}  // namespace pushforward
