// scale x + shift, and sums and products with a number, which are made of it.
#include "graph/operator.hpp"

namespace pushforward {
namespace {

const Operator affine_operator = {
    "affine",
    [](const Node* node, Expr g, const Send& send) { send(0, node->get<AffineMap>().scale * g); },
    [](const Node* node, const Tangents& tangents) {
      return node->get<AffineMap>().scale * tangents[0];
    },
    [](const Node& node, auto* step) {
      const auto [scale, shift] = node.get<AffineMap>();
      step->run = [n = size_of(&node), scale = step->number(scale), shift = step->number(shift)](
                      const auto& kernel, const auto& at) {
        kernel.affine(n, at.in(0), scale, shift, at.out());
      };
    },
    Operator::overwrites};

}  // namespace

Expr make_affine(Expr x, double scale, double shift) {
  if (scale == 1 && shift == 0) return x;
  if (scale == 0) return filled(x.graph(), x.rows(), x.columns(), shift);
  const Node* inner = x.node();
  if (inner->op == &affine_operator) {
    const AffineMap& map = inner->get<AffineMap>();
    return make_affine(inner->in(0), scale * map.scale, scale * map.shift + shift);
  }
  if (inner->op == &constant_operator) {
    std::vector<double> values = inner->get<ConstantValues>().values;
    for (double& v : values) v = scale * v + shift;
    return x.graph().constant(x.rows(), x.columns(), values);
  }
  if (inner->op == &broadcast_operator)
    return broadcast(make_affine(inner->in(0), scale, shift), x.rows(), x.columns());
  if (inner->op == &repeat_rows_operator)
    return repeat_rows(make_affine(inner->in(0), scale, shift), inner->get<RowBlocks>().block);
  return make_node({&affine_operator, x.rows(), x.columns(), {inner}, AffineMap{scale, shift}});
}

Expr operator-(Expr a) { return make_affine(a, -1, 0); }
Expr operator+(Expr a, double b) { return make_affine(a, 1, b); }
Expr operator+(double a, Expr b) { return make_affine(b, 1, a); }
Expr operator-(Expr a, double b) { return make_affine(a, 1, -b); }
Expr operator-(double a, Expr b) { return make_affine(b, -1, a); }
Expr operator*(Expr a, double b) { return make_affine(a, b, 0); }
Expr operator*(double a, Expr b) { return make_affine(b, a, 0); }
Expr operator/(Expr a, double b) { return make_affine(a, 1 / b, 0); }
Expr operator/(double a, Expr b) { return make_affine(reciprocal(b), a, 0); }

}  // namespace pushforward
