#include "graph/expr.hpp"

#include <cmath>
#include <functional>
#include <stdexcept>

#include "graph/node.hpp"

namespace pushforward {
namespace {

void mix(std::size_t* hash, std::size_t value) {
  *hash ^= value + 0x9e3779b97f4a7c15ull + (*hash << 6) + (*hash >> 2);
}

std::size_t hash_of(const Node& node) {
  std::size_t hash = static_cast<std::size_t>(node.op);
  mix(&hash, static_cast<std::size_t>(node.rows));
  mix(&hash, static_cast<std::size_t>(node.columns));
  for (const Node* input : node.inputs) mix(&hash, input->id);
  mix(&hash, static_cast<std::size_t>(node.unary_op));
  mix(&hash, static_cast<std::size_t>(node.binary_op));
  mix(&hash, std::hash<double>{}(node.scale));
  mix(&hash, std::hash<double>{}(node.shift));
  for (const int i : node.index) mix(&hash, static_cast<std::size_t>(i));
  for (const double v : node.values) mix(&hash, std::hash<double>{}(v));
  return hash;
}

bool same(const Node& a, const Node& b) {
  return a.op == b.op && a.rows == b.rows && a.columns == b.columns && a.inputs == b.inputs &&
         a.unary_op == b.unary_op && a.binary_op == b.binary_op && a.scale == b.scale &&
         a.shift == b.shift && a.index == b.index && a.values == b.values;
}

Node leaf(Graph* graph, Op op, int rows, int columns) {
  if (rows < 1 || columns < 1)
    throw std::invalid_argument("a matrix has at least one row and column");
  Node node{op, rows, columns, {}};
  node.graph = graph;
  return node;
}

}  // namespace

const Node* Graph::Store::intern(Node node) {
  const bool shared = node.op != Op::input && node.op != Op::parameter;
  std::size_t hash = 0;
  if (shared) {
    hash = hash_of(node);
    const auto range = by_hash.equal_range(hash);
    for (auto at = range.first; at != range.second; ++at)
      if (same(*at->second, node)) return at->second;
  }
  node.id = nodes.size();
  // Steps with scratch memory run where there is a workspace.
  node.varying = node.op == Op::input || node.op == Op::autoregressive_solve ||
                 node.op == Op::autoregressive_adjoint || node.op == Op::batched_matmul;
  for (const Node* input : node.inputs) node.varying = node.varying || input->varying;
  nodes.push_back(std::move(node));
  if (shared) by_hash.emplace(hash, &nodes.back());
  return &nodes.back();
}

int Expr::rows() const { return node_->rows; }
int Expr::columns() const { return node_->columns; }
Graph& Expr::graph() const { return *node_->graph; }

Graph::Graph() : store_(std::make_unique<Store>()) {}
Graph::~Graph() = default;

Expr Graph::input(const std::string& name, int rows, int columns) {
  Node node = leaf(this, Op::input, rows, columns);
  node.name = name;
  return Expr(store_->intern(std::move(node)));
}

Expr Graph::parameter(const std::string& name, int rows, int columns) {
  Node node = leaf(this, Op::parameter, rows, columns);
  node.name = name;
  return Expr(store_->intern(std::move(node)));
}

Expr Graph::constant(double value) { return constant(1, 1, {value}); }

Expr Graph::constant(int rows, int columns, const std::vector<double>& values) {
  Node node = leaf(this, Op::constant, rows, columns);
  if (values.size() != static_cast<std::size_t>(rows) * static_cast<std::size_t>(columns))
    throw std::invalid_argument("a constant needs rows x columns values");
  node.values = values;
  return Expr(store_->intern(std::move(node)));
}

Expr make_node(Node node) {
  Graph* graph = node.inputs.at(0)->graph;
  for (const Node* input : node.inputs)
    if (input->graph != graph) throw std::invalid_argument("expressions of two graphs");
  node.graph = graph;
  return Expr(graph->store().intern(std::move(node)));
}

bool is_constant(const Node* node, double value) {
  while (node->op == Op::broadcast) node = node->inputs[0];
  if (node->op != Op::constant) return false;
  for (const double v : node->values)
    if (v != value) return false;
  return true;
}

Expr filled(Graph& graph, int rows, int columns, double value) {
  return broadcast(graph.constant(value), rows, columns);
}

Expr make_unary(Unary op, Expr x) {
  if (x.node()->op == Op::repeat_rows)
    return repeat_rows(make_unary(op, Expr(x.node()->inputs[0])), x.node()->index[0]);
  Node node{Op::unary, x.rows(), x.columns(), {x.node()}};
  node.unary_op = op;
  return make_node(std::move(node));
}

Expr make_affine(Expr x, double scale, double shift) {
  if (scale == 1 && shift == 0) return x;
  if (scale == 0) return filled(x.graph(), x.rows(), x.columns(), shift);
  const Node* inner = x.node();
  if (inner->op == Op::affine)
    return make_affine(Expr(inner->inputs[0]), scale * inner->scale, scale * inner->shift + shift);
  if (inner->op == Op::constant) {
    std::vector<double> values = inner->values;
    for (double& v : values) v = scale * v + shift;
    return x.graph().constant(x.rows(), x.columns(), values);
  }
  if (inner->op == Op::broadcast)
    return broadcast(make_affine(Expr(inner->inputs[0]), scale, shift), x.rows(), x.columns());
  if (inner->op == Op::repeat_rows)
    return repeat_rows(make_affine(Expr(inner->inputs[0]), scale, shift), inner->index[0]);
  Node node{Op::affine, x.rows(), x.columns(), {inner}};
  node.scale = scale;
  node.shift = shift;
  return make_node(std::move(node));
}

Expr reduce_to(Expr x, int rows, int columns) {
  if (rows == 1 && columns == 1 && (x.rows() > 1 || x.columns() > 1)) return sum(x);
  if (columns == 1 && x.columns() > 1) x = sum_columns(x);
  if (rows == 1 && x.rows() > 1) x = sum_rows(x);
  if (x.rows() != rows || x.columns() != columns)
    throw std::invalid_argument("shapes do not reduce");
  return x;
}

}  // namespace pushforward
