// One matrix product per block of rows.
#include <stdexcept>

#include "graph/operator.hpp"

namespace pushforward {
namespace {

Expr product(Expr a, Expr b, int batches, Turned turned);

// The products that the adjoint g of a product of a and b sends back to both.
std::pair<Expr, Expr> adjoints(Expr a, Expr b, Expr g, const MatrixBatches& batches) {
  const int count = batches.count;
  switch (batches.turned) {
    case Turned::neither:
      return {product(g, b, count, Turned::right), product(a, g, count, Turned::left)};
    case Turned::left:
      return {product(b, g, count, Turned::right), product(a, g, count, Turned::neither)};
    case Turned::right:
      return {product(g, b, count, Turned::neither), product(g, a, count, Turned::left)};
  }
  throw std::logic_error("no way to turn a product");
}

template <class T>
void set_product(const Node& node, Step<T>* step) {
  const Node &left = *node.inputs[0], &right = *node.inputs[1];
  const auto [count, turned] = node.get<MatrixBatches>();
  const std::size_t m = extent(node.rows / count), n = extent(node.columns);
  const bool turned_left = turned == Turned::left, turned_right = turned == Turned::right;
  const std::size_t a_columns = extent(left.columns);
  const std::size_t k = turned_left ? extent(left.rows / count) : a_columns;
  if (turned_right) step->scratch_size = extent(right.rows / count) * extent(right.columns);
  step->shape += "x" + std::to_string(a_columns);
  step->run = [=, batches = extent(count)](const Kernels<T>& kernel, const StepBuffers<T>& at) {
    const T *a = at.in(0), *b = at.in(1);
    T* out = at.out();
    for (std::size_t batch = 0; batch < batches; ++batch, a += m * k, b += k * n, out += m * n) {
      const T* factor = b;
      if (turned_right) {
        kernel.transpose(n, k, b, at.scratch());
        factor = at.scratch();
      }
      kernel.matmul(m, n, k, a, turned_left ? 1 : a_columns, turned_left ? a_columns : 1, factor,
                    nullptr, out);
    }
  };
}

const Operator batched_matmul_operator = {
    "batched_matmul",
    [](const Node* node, Expr g, const Send& send) {
      send_both(send, adjoints(node->in(0), node->in(1), g, node->get<MatrixBatches>()));
    },
    [](const Node* node, const Tangents& t) {
      return bilinear_tangent(node, t, [node](Expr a, Expr b) {
        return product(a, b, node->get<MatrixBatches>().count, node->get<MatrixBatches>().turned);
      });
    },
    [](const Node& node, auto* step) { set_product(node, step); }, Operator::needs_workspace};

Expr product(Expr a, Expr b, int batches, Turned turned) {
  if (batches < 1 || a.rows() % batches != 0 || b.rows() % batches != 0)
    throw std::invalid_argument("batched_matmul: rows that do not make whole batches");
  const int a_rows = a.rows() / batches, b_rows = b.rows() / batches;
  const int m = turned == Turned::left ? a.columns() : a_rows;
  const int n = turned == Turned::right ? b_rows : b.columns();
  const int inner = turned == Turned::left ? a_rows : a.columns();
  const int other = turned == Turned::right ? b.columns() : b_rows;
  if (inner != other) throw std::invalid_argument("batched_matmul: inner extents differ");
  if (is_constant(a.node(), 0) || is_constant(b.node(), 0))
    return filled(a.graph(), batches * m, n, 0);
  if (batches == 1 && turned == Turned::neither) return matmul(a, b);
  if (batches == 1)
    return turned == Turned::left ? matmul_transposed(a, b) : matmul(a, transpose(b));
  return make_node({&batched_matmul_operator,
                    batches * m,
                    n,
                    {a.node(), b.node()},
                    MatrixBatches{batches, turned}});
}

}  // namespace

Expr batched_matmul(Expr a, Expr b, int batches) { return product(a, b, batches, Turned::neither); }
Expr batched_matmul_transposed(Expr a, Expr b, int batches) {
  return product(a, b, batches, Turned::left);
}
Expr batched_matmul_by_transposed(Expr a, Expr b, int batches) {
  return product(a, b, batches, Turned::right);
}

}  // namespace pushforward
