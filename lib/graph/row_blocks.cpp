// Operators on blocks of rows: the pixels of an image, the heads of an attention layer.
#include <stdexcept>

#include "graph/node.hpp"

namespace pushforward {
namespace {

int count_of_blocks(int rows, int block) {
  if (block < 1 || rows % block != 0)
    throw std::invalid_argument("rows that do not make whole blocks");
  return rows / block;
}

}  // namespace

Expr reshape(Expr x, int rows, int columns) {
  const auto size = [](int m, int n) { return static_cast<long long>(m) * n; };
  if (rows < 1 || size(rows, columns) != size(x.rows(), x.columns()))
    throw std::invalid_argument("reshape: as many numbers as before");
  while (x.node()->op == Op::reshape) x = Expr(x.node()->inputs[0]);
  if (x.rows() == rows && x.columns() == columns) return x;
  const Node* from = x.node();
  if (from->op == Op::constant) return x.graph().constant(rows, columns, from->values);
  if (from->op == Op::broadcast && from->inputs[0]->rows == 1 && from->inputs[0]->columns == 1)
    return broadcast(Expr(from->inputs[0]), rows, columns);
  return make_node({Op::reshape, rows, columns, {from}});
}

Expr sum_row_blocks(Expr x, int block) {
  const int count = count_of_blocks(x.rows(), block);
  if (block == 1) return x;
  if (count == 1) return sum_rows(x);
  if (x.columns() == 1) return sum_columns(reshape(x, count, block));
  if (is_constant(x.node(), 0)) return filled(x.graph(), count, x.columns(), 0);
  if (x.node()->op == Op::repeat_rows && x.node()->index[0] == block)
    return Expr(x.node()->inputs[0]) * static_cast<double>(block);
  Node node{Op::sum_row_blocks, count, x.columns(), {x.node()}};
  node.index = {block};
  return make_node(std::move(node));
}

Expr repeat_rows(Expr x, int block) {
  if (block < 1) throw std::invalid_argument("repeat_rows: at least once");
  const int rows = x.rows() * block;
  const Node* from = x.node();
  const bool same_rows = from->op == Op::broadcast && from->inputs[0]->rows == 1;
  if (x.rows() == 1 || same_rows)
    return broadcast(same_rows ? Expr(from->inputs[0]) : x, rows, x.columns());
  if (block == 1) return x;
  Node node{Op::repeat_rows, rows, x.columns(), {from}};
  node.index = {block};
  return make_node(std::move(node));
}

Expr make_batched_matmul(Expr a, Expr b, int batches, Turned turned) {
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
  Node node{Op::batched_matmul, batches * m, n, {a.node(), b.node()}};
  node.index = {batches, static_cast<int>(turned)};
  return make_node(std::move(node));
}

Expr batched_matmul(Expr a, Expr b, int batches) {
  return make_batched_matmul(a, b, batches, Turned::neither);
}
Expr batched_matmul_transposed(Expr a, Expr b, int batches) {
  return make_batched_matmul(a, b, batches, Turned::left);
}
Expr batched_matmul_by_transposed(Expr a, Expr b, int batches) {
  return make_batched_matmul(a, b, batches, Turned::right);
}

}  // namespace pushforward
