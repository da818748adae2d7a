// Reverse and forward accumulation. Each operator's derivative is made of operators.
#include <algorithm>
#include <map>
#include <optional>
#include <stdexcept>

#include "graph/autoregressive.hpp"
#include "graph/bilinear.hpp"
#include "graph/node.hpp"
#include "graph/spline_derivatives.hpp"

namespace pushforward {
namespace {

// d op(x)/dx, elementwise, from x and y = op(x).
Expr slope(Unary op, Expr x, Expr y) {
  Graph& graph = x.graph();
  switch (op) {
    case Unary::exp:
      return y;
    case Unary::log:
      return reciprocal(x);
    case Unary::tanh:
      return make_unary(Unary::tanh_slope, y);
    case Unary::tanh_slope:
      return -2.0 * x;
    case Unary::sigmoid:
      return make_unary(Unary::sigmoid_slope, y);
    case Unary::sigmoid_slope:
      return 1.0 - 2.0 * x;
    case Unary::softplus:
      return sigmoid(x);
    case Unary::relu:
      return heaviside(y);
    case Unary::sqrt:
      return 0.5 / y;
    case Unary::square:
      return 2.0 * x;
    case Unary::reciprocal:
      return -square(y);
    case Unary::abs:
      return sign(x);
    case Unary::sin:
      return cos(x);
    case Unary::cos:
      return -sin(x);
    case Unary::heaviside:
    case Unary::sign:
    case Unary::count:
      break;
  }
  return filled(graph, x.rows(), x.columns(), 0);
}

// Marks, by id, the nodes that depend on one of `xs`.
std::vector<bool> dependents(Graph& graph, const std::vector<Expr>& xs) {
  const auto& nodes = graph.store().nodes;
  std::vector<bool> depends(nodes.size(), false);
  for (const Expr x : xs) depends[x.node()->id] = true;
  for (const Node& node : nodes) {
    if (node.op == Op::stop_gradient || node.op == Op::max_columns) continue;
    for (const Node* input : node.inputs)
      if (depends[input->id]) depends[node.id] = true;
  }
  return depends;
}

using Adjoints = std::map<std::size_t, Expr>;

Expr lower_triangle(Expr a) {
  const std::size_t n = static_cast<std::size_t>(a.rows());
  std::vector<double> ones(n * n, 0.0);
  for (std::size_t i = 0; i < n; ++i)
    for (std::size_t j = 0; j <= i; ++j) ones[i * n + j] = 1;
  return a * a.graph().constant(a.rows(), a.columns(), ones);
}

// Whether node is x sigmoid(x); then, which operand is the sigmoid.
std::optional<std::size_t> sigmoid_of_silu(const Node* node) {
  if (node->op != Op::binary || node->binary_op != Binary::multiply) return std::nullopt;
  for (std::size_t i = 0; i < 2; ++i) {
    const Node* s = node->inputs[i];
    if (s->op == Op::unary && s->unary_op == Unary::sigmoid && s->inputs[0] == node->inputs[1 - i])
      return i;
  }
  return std::nullopt;
}

// Adds to the adjoints of node's inputs what the adjoint g of the node sends back.
template <class Send>
void send_back(const Node* node, Expr g, const Send& send) {
  const auto in = [node](std::size_t i) { return Expr(node->inputs[i]); };
  const Expr out{node};
  const auto send_reduced = [&](std::size_t i, Expr part) {
    send(i, reduce_to(broadcast(part, node->rows, node->columns), in(i).rows(), in(i).columns()));
  };
  switch (node->op) {
    case Op::unary:
      if (node->unary_op == Unary::tanh)
        send(0, make_binary(Binary::tanh_backward, g, out));
      else if (node->unary_op == Unary::relu)
        send(0, make_binary(Binary::relu_backward, g, out));
      else
        send(0, g * slope(node->unary_op, in(0), out));
      break;
    case Op::affine:
      send(0, node->scale * g);
      break;
    case Op::binary:
      switch (node->binary_op) {
        case Binary::add:
          send_reduced(0, g);
          send_reduced(1, g);
          break;
        case Binary::subtract:
          send_reduced(0, g);
          send_reduced(1, -g);
          break;
        case Binary::multiply:
          if (const auto i = sigmoid_of_silu(node)) {
            send(1 - *i, g * make_binary(Binary::silu_slope, in(*i), out));
            break;
          }
          send_reduced(0, g * in(1));
          send_reduced(1, g * in(0));
          break;
        case Binary::divide: {
          const Expr share = g / in(1);
          send_reduced(0, share);
          send_reduced(1, -(share * out));
          break;
        }
        case Binary::silu_slope:
          send_reduced(0, g * (1.0 - in(1)));
          send_reduced(1, g * (1.0 - in(0)));
          break;
        case Binary::tanh_backward:
          send_reduced(0, make_binary(Binary::tanh_backward, g, in(1)));
          send_reduced(1, g * in(0) * (-2.0 * in(1)));
          break;
        case Binary::relu_backward:
          send_reduced(0, make_binary(Binary::relu_backward, g, in(1)));
          break;
        case Binary::count:
          break;
      }
      break;
    case Op::select: {
      const Expr none = filled(*node->graph, node->rows, node->columns, 0);
      send_reduced(1, select(in(0), g, none));
      send_reduced(2, select(in(0), none, g));
      break;
    }
    case Op::matmul:
    case Op::matmul_transposed:
    case Op::masked_matmul:
    case Op::masked_matmul_back:
    case Op::masked_outer:
    case Op::batched_matmul:
    case Op::convolution:
    case Op::convolution_back:
    case Op::convolution_weights: {
      const auto [first, second] = bilinear_adjoints(node, g);
      send(0, first);
      send(1, second);
      break;
    }
    case Op::inverse_lower:
      send(0, lower_triangle(-matmul_transposed(out, matmul(g, transpose(out)))));
      break;
    case Op::transpose:
      send(0, transpose(g));
      break;
    case Op::sum_columns:
    case Op::sum_rows:
    case Op::sum:
      send(0, broadcast(g, in(0).rows(), in(0).columns()));
      break;
    case Op::broadcast:
      send(0, reduce_to(g, in(0).rows(), in(0).columns()));
      break;
    case Op::gather:
      send(0, scatter_columns(g, node->index, in(0).columns()));
      break;
    case Op::scatter:
      send(0, gather_columns(g, node->index));
      break;
    case Op::reshape:
      send(0, reshape(g, in(0).rows(), in(0).columns()));
      break;
    case Op::sum_row_blocks:
      send(0, repeat_rows(g, node->index[0]));
      break;
    case Op::repeat_rows:
      send(0, sum_row_blocks(g, node->index[0]));
      break;
    case Op::attach:
      send(1, implicit_adjoint(node, g));
      break;
    case Op::autoregressive_solve:
    case Op::autoregressive_adjoint:
      throw std::logic_error("no derivative of an autoregressive solution; see implicit()");
    case Op::spline:
    case Op::spline_inverse:
    case Op::spline_backward: {
      const std::vector<Expr> parts = spline_adjoints(node, g);
      for (std::size_t i = 0; i < parts.size(); ++i) send(i, parts[i]);
      break;
    }
    case Op::input:
    case Op::parameter:
    case Op::constant:
    case Op::stop_gradient:
    case Op::max_columns:
    case Op::silu_backward:
      break;
  }
}

// The tangent of a node from those of its inputs; an invalid Expr stands for zero.
Expr push_forward(const Node* node, const std::vector<Expr>& tangents) {
  const auto in = [node](std::size_t i) { return Expr(node->inputs[i]); };
  const Expr out{node};
  const auto zero = [&] { return filled(*node->graph, node->rows, node->columns, 0); };
  const auto plus = [](Expr a, Expr b) { return !a.valid() ? b : !b.valid() ? a : a + b; };
  const Expr t0 = tangents[0];
  Expr sum_of_parts;
  switch (node->op) {
    case Op::unary:
      return t0 * slope(node->unary_op, in(0), out);
    case Op::affine:
      return node->scale * t0;
    case Op::binary: {
      const Expr t1 = tangents[1];
      switch (node->binary_op) {
        case Binary::add:
          sum_of_parts = plus(t0, t1);
          break;
        case Binary::subtract:
          sum_of_parts = plus(t0, t1.valid() ? -t1 : t1);
          break;
        case Binary::multiply:
          if (const auto i = sigmoid_of_silu(node)) {
            const Expr t = tangents[1 - *i];
            if (t.valid()) sum_of_parts = t * make_binary(Binary::silu_slope, in(*i), out);
            break;
          }
          sum_of_parts = plus(t0.valid() ? t0 * in(1) : t0, t1.valid() ? in(0) * t1 : t1);
          break;
        case Binary::divide:
          sum_of_parts = plus(t0.valid() ? t0 / in(1) : t0, t1.valid() ? -(out * t1) / in(1) : t1);
          break;
        case Binary::silu_slope:
          sum_of_parts =
              plus(t0.valid() ? t0 * (1.0 - in(1)) : t0, t1.valid() ? t1 * (1.0 - in(0)) : t1);
          break;
        case Binary::tanh_backward:
          sum_of_parts = plus(t0.valid() ? make_binary(Binary::tanh_backward, t0, in(1)) : t0,
                              t1.valid() ? in(0) * (-2.0 * in(1)) * t1 : t1);
          break;
        case Binary::relu_backward:
          if (t0.valid()) sum_of_parts = make_binary(Binary::relu_backward, t0, in(1));
          break;
        case Binary::count:
          break;
      }
      if (!sum_of_parts.valid()) return zero();
      return broadcast(sum_of_parts, node->rows, node->columns);
    }
    case Op::select:
      return select(
          in(0), broadcast(tangents[1].valid() ? tangents[1] : zero(), node->rows, node->columns),
          broadcast(tangents[2].valid() ? tangents[2] : zero(), node->rows, node->columns));
    case Op::matmul:
    case Op::matmul_transposed:
    case Op::masked_matmul:
    case Op::masked_matmul_back:
    case Op::masked_outer:
    case Op::batched_matmul:
    case Op::convolution:
    case Op::convolution_back:
    case Op::convolution_weights:
      return plus(t0.valid() ? bilinear_of(node, t0, in(1)) : t0,
                  tangents[1].valid() ? bilinear_of(node, in(0), tangents[1]) : tangents[1]);
    case Op::inverse_lower:
      return -matmul(matmul(out, lower_triangle(t0)), out);
    case Op::transpose:
      return transpose(t0);
    case Op::sum_columns:
      return sum_columns(t0);
    case Op::sum_rows:
      return sum_rows(t0);
    case Op::sum:
      return sum(t0);
    case Op::broadcast:
      return broadcast(t0, node->rows, node->columns);
    case Op::gather:
      return gather_columns(t0, node->index);
    case Op::scatter:
      return scatter_columns(t0, node->index, node->columns);
    case Op::reshape:
      return reshape(t0, node->rows, node->columns);
    case Op::sum_row_blocks:
      return sum_row_blocks(t0, node->index[0]);
    case Op::repeat_rows:
      return repeat_rows(t0, node->index[0]);
    case Op::attach:
    case Op::autoregressive_solve:
    case Op::autoregressive_adjoint:
      throw std::logic_error("no forward derivative of an autoregressive solution");
    case Op::spline:
    case Op::spline_inverse:
    case Op::spline_backward:
      return spline_tangent(node, tangents);
    case Op::input:
    case Op::parameter:
    case Op::constant:
    case Op::stop_gradient:
    case Op::max_columns:
    case Op::silu_backward:
      break;
  }
  return zero();
}

}  // namespace

std::vector<Expr> gradient(Expr y, const std::vector<Expr>& xs) {
  Graph& graph = y.graph();
  const std::vector<bool> depends = dependents(graph, xs);
  Adjoints adjoints;
  std::map<std::size_t, Expr> wanted;
  for (const Expr x : xs) wanted[x.node()->id] = Expr();
  if (depends[y.node()->id]) adjoints[y.node()->id] = filled(graph, y.rows(), y.columns(), 1);
  while (!adjoints.empty()) {
    const auto last = std::prev(adjoints.end());  // all its consumers have been visited
    const std::size_t id = last->first;
    const Expr g = last->second;
    adjoints.erase(last);
    const Node* node = &graph.store().nodes[id];
    if (const auto want = wanted.find(id); want != wanted.end()) want->second = g;
    send_back(node, g, [&](std::size_t i, Expr part) {
      const std::size_t to = node->inputs[i]->id;
      if (!depends[to]) return;
      Expr& sum_so_far = adjoints[to];
      sum_so_far = sum_so_far.valid() ? sum_so_far + part : part;
    });
  }
  std::vector<Expr> result;
  for (const Expr x : xs) {
    const Expr g = wanted[x.node()->id];
    result.push_back(g.valid() ? g : filled(graph, x.rows(), x.columns(), 0));
  }
  return result;
}

Expr gradient(Expr y, Expr x) { return gradient(y, std::vector<Expr>{x})[0]; }

std::vector<Expr> tangent(const std::vector<Expr>& ys, const std::vector<Expr>& xs,
                          const std::vector<Expr>& vs) {
  if (xs.size() != vs.size()) throw std::invalid_argument("tangent: a direction an input");
  Graph& graph = ys.at(0).graph();
  const std::vector<bool> depends = dependents(graph, xs);
  std::map<std::size_t, Expr> tangents;
  for (std::size_t i = 0; i < xs.size(); ++i) tangents[xs[i].node()->id] = vs[i];
  std::size_t last = 0;
  for (const Expr y : ys) last = std::max(last, y.node()->id);
  std::vector<bool> needed(last + 1, false);
  for (const Expr y : ys) needed[y.node()->id] = true;
  for (std::size_t id = last + 1; id-- > 0;)
    if (needed[id])
      for (const Node* input : graph.store().nodes[id].inputs) needed[input->id] = true;
  for (std::size_t id = 0; id <= last; ++id) {
    if (!needed[id] || !depends[id] || tangents.count(id) != 0) continue;
    const Node* node = &graph.store().nodes[id];
    std::vector<Expr> parts;
    for (const Node* input : node->inputs) {
      const auto at = tangents.find(input->id);
      parts.push_back(at == tangents.end() ? Expr() : at->second);
    }
    tangents[id] = push_forward(node, parts);
  }
  std::vector<Expr> result;
  for (const Expr y : ys) {
    const auto at = tangents.find(y.node()->id);
    result.push_back(at == tangents.end() ? filled(graph, y.rows(), y.columns(), 0) : at->second);
  }
  return result;
}

}  // namespace pushforward
