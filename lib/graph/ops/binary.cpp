// Elementwise functions of two operands that broadcast.
#include <algorithm>
#include <array>
#include <optional>

#include "graph/ops/elementwise.hpp"

namespace pushforward {
namespace {

// The step of a node whose operand `which` is the one row of each block of `block` rows.
template <class T>
void set_repeated(const Node& node, std::size_t which, const Node& repeat, Step<T>* step) {
  const std::size_t block = extent(repeat.get<RowBlocks>().block);
  std::array<Operand, 2> spread = {spread_of(node, 0), spread_of(node, 1)};
  std::array<std::size_t, 2> stride = {block * spread[0].row_stride, block * spread[1].row_stride};
  stride[which] = spread[which].row_stride;
  spread[which].row_stride = 0;
  step->run = [f = static_cast<int>(node.get<const BinaryFunction*>()->kernel),
               rows = extent(node.rows), columns = extent(node.columns), block, spread,
               stride](const Kernels<T>& kernel, const StepBuffers<T>& at) {
    const T *a = at.in(0), *b = at.in(1);
    T* out = at.out();
    for (std::size_t row = 0; row < rows; row += block) {
      kernel.binary[f](block, columns, a, spread[0], b, spread[1], out);
      a += stride[0];
      b += stride[1];
      out += block * columns;
    }
  };
}

const Operator binary_operator = {
    "binary",
    [](const Node* node, Expr g, const Send& send) {
      node->get<const BinaryFunction*>()->adjoint(node, g, summing_broadcasts(node, send));
    },
    [](const Node* node, const Tangents& tangents) {
      const Expr t = node->get<const BinaryFunction*>()->tangent(node, tangents[0], tangents[1]);
      if (!t.valid()) return filled(*node->graph, node->rows, node->columns, 0);
      return broadcast(t, node->rows, node->columns);
    },
    [](const Node& node, auto* step) {
      const BinaryFunction& function = *node.get<const BinaryFunction*>();
      step->kernel = function.name;
      for (std::size_t i = 0; i < 2; ++i)
        if (const Node* repeat = repeated_operand(node, i); repeat != nullptr)
          return set_repeated(node, i, *repeat, step);
      step->run = [f = static_cast<int>(function.kernel), rows = extent(node.rows),
                   columns = extent(node.columns), a = spread_of(node, 0),
                   b = spread_of(node, 1)](const auto& kernel, const auto& at) {
        kernel.binary[f](rows, columns, at.in(0), a, at.in(1), b, at.out());
      };
    },
    Operator::overwrites};

bool is_scalar_constant(Expr x) {
  return x.node()->op == &constant_operator && x.rows() == 1 && x.columns() == 1;
}
double scalar_of(Expr x) { return x.node()->get<ConstantValues>().values[0]; }

// A broadcast operand is read spread out, so it need not be stored spread out.
Expr without_broadcast(Expr x) { return x.node()->op == &broadcast_operator ? x.node()->in(0) : x; }

bool is_repeated(Expr x) { return x.node()->op == &repeat_rows_operator; }
int block_of(Expr x) { return x.node()->get<RowBlocks>().block; }

// Whether node is x sigmoid(x), which has a slope of its own; then, which operand is the sigmoid.
std::optional<std::size_t> sigmoid_of_silu(const Node* node) {
  for (std::size_t i = 0; i < 2; ++i) {
    const Node* s = node->inputs[i];
    if (is_unary(s, sigmoid_function) && s->inputs[0] == node->inputs[1 - i]) return i;
  }
  return std::nullopt;
}

}  // namespace

Expr make_binary(const BinaryFunction& function, Expr a, Expr b) {
  const int rows = common_extent(a.rows(), b.rows());
  const int columns = common_extent(a.columns(), b.columns());
  const Expr a0 = without_broadcast(a), b0 = without_broadcast(b);
  const auto still_fits = [&](Expr p, Expr q) {
    return std::max(p.rows(), q.rows()) == rows && std::max(p.columns(), q.columns()) == columns;
  };
  if (still_fits(a0, b)) a = a0;
  if (still_fits(a, b0)) b = b0;
  // What is repeated over a block is computed before it is.
  const auto source = [](Expr x) { return x.node()->in(0); };
  if (is_repeated(a) && is_repeated(b) && block_of(a) == block_of(b))
    return repeat_rows(make_binary(function, source(a), source(b)), block_of(a));
  if (is_repeated(a) && b.rows() == 1)
    return repeat_rows(make_binary(function, source(a), b), block_of(a));
  if (a.rows() == 1 && is_repeated(b))
    return repeat_rows(make_binary(function, a, source(b)), block_of(b));
  return make_node({&binary_operator, rows, columns, {a.node(), b.node()}, &function});
}

bool is_binary(const Node* node, const BinaryFunction& function) {
  return node->op == &binary_operator && node->get<const BinaryFunction*>() == &function;
}

const Node* repeated_operand(const Node& node, std::size_t i) {
  if (node.op != &binary_operator) return nullptr;
  const auto repeat = [&node](std::size_t k) {
    const Node* operand = node.inputs[k];
    while (operand->op == &stop_gradient_operator) operand = operand->inputs[0];
    return operand->op == &repeat_rows_operator && operand->rows == node.rows ? operand : nullptr;
  };
  return i == 1 && repeat(0) != nullptr ? nullptr : repeat(i);
}

const BinaryFunction add_function = {
    "add", Binary::add,
    [](const Node*, Expr g, const Send& send) {
      send(0, g);
      send(1, g);
    },
    [](const Node*, Expr of_a, Expr of_b) { return sum_of_tangents(of_a, of_b); }};

Expr operator+(Expr a, Expr b) {
  if (is_constant(a.node(), 0)) return broadcast_with(b, a);
  if (is_constant(b.node(), 0)) return broadcast_with(a, b);
  if (is_scalar_constant(b)) return make_affine(a, 1, scalar_of(b));
  if (is_scalar_constant(a)) return make_affine(b, 1, scalar_of(a));
  if (b.node()->id < a.node()->id) std::swap(a, b);  // one node for a + b and b + a
  return make_binary(add_function, a, b);
}

Expr operator-(Expr a, Expr b) {
  static constexpr BinaryFunction row = {"subtract", Binary::subtract,
                                         [](const Node*, Expr g, const Send& send) {
                                           send(0, g);
                                           send(1, -g);
                                         },
                                         [](const Node*, Expr of_a, Expr of_b) {
                                           return sum_of_tangents(of_a,
                                                                  of_b.valid() ? -of_b : of_b);
                                         }};
  if (is_constant(b.node(), 0)) return broadcast_with(a, b);
  if (is_constant(a.node(), 0)) return broadcast_with(-b, a);
  if (is_scalar_constant(b)) return make_affine(a, 1, -scalar_of(b));
  if (is_scalar_constant(a)) return make_affine(b, -1, scalar_of(a));
  return make_binary(row, a, b);
}

const BinaryFunction multiply_function = {
    "multiply", Binary::multiply,
    [](const Node* node, Expr g, const Send& send) {
      if (const auto i = sigmoid_of_silu(node)) {
        send(1 - *i, g * make_binary(silu_slope_function, node->in(*i), Expr(node)));
        return;
      }
      send(0, g * node->in(1));
      send(1, g * node->in(0));
    },
    [](const Node* node, Expr of_a, Expr of_b) {
      if (const auto i = sigmoid_of_silu(node)) {
        const Expr t = *i == 0 ? of_b : of_a;
        return t.valid() ? t * make_binary(silu_slope_function, node->in(*i), Expr(node)) : t;
      }
      return sum_of_tangents(of_a.valid() ? of_a * node->in(1) : of_a,
                             of_b.valid() ? node->in(0) * of_b : of_b);
    }};

Expr operator*(Expr a, Expr b) {
  for (int turn = 0; turn < 2; ++turn, std::swap(a, b)) {
    if (is_constant(a.node(), 0))
      return filled(a.graph(), common_extent(a.rows(), b.rows()),
                    common_extent(a.columns(), b.columns()), 0);
    if (is_constant(a.node(), 1)) return broadcast_with(b, a);
    if (is_scalar_constant(a)) return make_affine(b, scalar_of(a), 0);
  }
  if (a == b) return square(a);
  if (b.node()->id < a.node()->id) std::swap(a, b);
  return make_binary(multiply_function, a, b);
}

Expr operator/(Expr a, Expr b) {
  static constexpr BinaryFunction row = {
      "divide", Binary::divide,
      [](const Node* node, Expr g, const Send& send) {
        const Expr share = g / node->in(1);
        send(0, share);
        send(1, -(share * Expr(node)));
      },
      [](const Node* node, Expr of_a, Expr of_b) {
        return sum_of_tangents(of_a.valid() ? of_a / node->in(1) : of_a,
                               of_b.valid() ? -(Expr(node) * of_b) / node->in(1) : of_b);
      }};
  if (is_constant(b.node(), 1)) return broadcast_with(a, b);
  if (is_scalar_constant(b) && scalar_of(b) != 0) return make_affine(a, 1 / scalar_of(b), 0);
  if (is_constant(a.node(), 1)) return broadcast_with(reciprocal(b), a);
  return make_binary(row, a, b);
}

}  // namespace pushforward
