// Operators on blocks of rows: the pixels of an image, the heads of an attention layer.
#include <stdexcept>

#include "graph/operator.hpp"

namespace pushforward {
namespace {

int block_of(const Node* node) { return node->get<RowBlocks>().block; }

int count_of_blocks(int rows, int block) {
  if (block < 1 || rows % block != 0)
    throw std::invalid_argument("rows that do not make whole blocks");
  return rows / block;
}

const Operator sum_row_blocks_operator = {
    "sum_row_blocks",
    [](const Node* node, Expr g, const Send& send) { send(0, repeat_rows(g, block_of(node))); },
    [](const Node* node, const Tangents& t) { return sum_row_blocks(t[0], block_of(node)); },
    [](const Node& node, auto* step) {
      step->run = [rows = extent(node.rows), columns = extent(node.columns),
                   block = extent(block_of(&node))](const auto& kernel, const auto& at) {
        for (std::size_t row = 0; row < rows; ++row)
          kernel.sum_rows(block, columns, at.in(0) + row * block * columns,
                          at.out() + row * columns);
      };
    }};

}  // namespace

const Operator repeat_rows_operator = {
    "repeat_rows",
    [](const Node* node, Expr g, const Send& send) { send(0, sum_row_blocks(g, block_of(node))); },
    [](const Node* node, const Tangents& t) { return repeat_rows(t[0], block_of(node)); },
    [](const Node& node, auto* step) {
      step->run = [rows = extent(node.inputs[0]->rows), columns = extent(node.columns),
                   block = extent(block_of(&node))](const auto& kernel, const auto& at) {
        for (std::size_t row = 0; row < rows; ++row)
          kernel.broadcast(block, columns, at.in(0) + row * columns, {0, 1},
                           at.out() + row * block * columns);
      };
    }};

Expr sum_row_blocks(Expr x, int block) {
  const int count = count_of_blocks(x.rows(), block);
  if (block == 1) return x;
  if (count == 1) return sum_rows(x);
  if (x.columns() == 1) return sum_columns(reshape(x, count, block));
  if (is_constant(x.node(), 0)) return filled(x.graph(), count, x.columns(), 0);
  if (x.node()->op == &repeat_rows_operator && block_of(x.node()) == block)
    return x.node()->in(0) * static_cast<double>(block);
  return make_node({&sum_row_blocks_operator, count, x.columns(), {x.node()}, RowBlocks{block}});
}

Expr repeat_rows(Expr x, int block) {
  if (block < 1) throw std::invalid_argument("repeat_rows: at least once");
  const int rows = x.rows() * block;
  const Node* from = x.node();
  const bool same_rows = from->op == &broadcast_operator && from->in(0).rows() == 1;
  if (x.rows() == 1 || same_rows) return broadcast(same_rows ? from->in(0) : x, rows, x.columns());
  if (block == 1) return x;
  return make_node({&repeat_rows_operator, rows, x.columns(), {from}, RowBlocks{block}});
}

}  // namespace pushforward
