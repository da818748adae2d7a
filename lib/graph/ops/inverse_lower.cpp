// Inverses of lower triangles.
#include <stdexcept>

#include "graph/operator.hpp"

namespace pushforward {
namespace {

Expr lower_triangle(Expr a) {
  const std::size_t n = extent(a.rows());
  std::vector<double> ones(n * n, 0.0);
  for (std::size_t i = 0; i < n; ++i)
    for (std::size_t j = 0; j <= i; ++j) ones[i * n + j] = 1;
  return a * a.graph().constant(a.rows(), a.columns(), ones);
}

const Operator inverse_lower_operator = {
    "inverse_lower",
    [](const Node* node, Expr g, const Send& send) {
      const Expr out{node};
      send(0, lower_triangle(-matmul_transposed(out, matmul(g, transpose(out)))));
    },
    [](const Node* node, const Tangents& t) {
      const Expr out{node};
      return -matmul(matmul(out, lower_triangle(t[0])), out);
    },
    [](const Node& node, auto* step) {
      step->run = [n = extent(node.rows)](const auto& kernel, const auto& at) {
        kernel.inverse_lower(n, at.in(0), at.out());
      };
    }};

}  // namespace

Expr inverse_lower(Expr a) {
  if (a.rows() != a.columns()) throw std::invalid_argument("inverse_lower: a square matrix");
  return make_node({&inverse_lower_operator, a.rows(), a.columns(), {a.node()}});
}

}  // namespace pushforward
