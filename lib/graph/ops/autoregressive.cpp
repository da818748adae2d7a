#include "graph/autoregressive.hpp"

#include <algorithm>
#include <array>
#include <stdexcept>

#include "graph/operator.hpp"

namespace pushforward {
namespace {

const AutoregressiveNetwork& network_of(const Node* node) {
  return node->get<AutoregressiveMapping>().network;
}

// A network as kernels see it.
struct KernelNetwork {
  AutoregressiveShape sizes{};
  std::vector<int> degree, skip;

  KernelNetwork(const AutoregressiveNetwork& network, int source_groups, int target_groups)
      : degree(network.degree), skip(network.skip.begin(), network.skip.end()) {
    sizes.inputs = extent(network.inputs);
    sizes.source_groups = extent(source_groups);
    sizes.target_groups = extent(target_groups);
    sizes.layers = skip.size();
    sizes.hidden = degree.size();
  }
  [[nodiscard]] AutoregressiveShape shape() const {
    AutoregressiveShape s = sizes;
    s.degree = degree.data();
    s.skip = skip.data();
    return s;
  }
};

// Pointers to operands, at most this many: a network has fewer than 100 layers.
constexpr std::size_t max_operands = 512;

template <class T>
using Operands = std::array<const T*, max_operands>;

template <class T>
void copy_operands(const StepBuffers<T>& at, std::size_t first, std::size_t count,
                   Operands<T>* to) {
  for (std::size_t i = 0; i < count; ++i) (*to)[i] = at.in(first + i);
}

void check_operands(const Node& node) {
  if (node.inputs.size() > max_operands)
    throw std::invalid_argument("a network of too many layers");
}

// Operands: z, offset, layers + 1 weights, layers biases.
template <class T>
void set_solve(const Node& node, Step<T>* step) {
  check_operands(node);
  const auto& [network, transform] = node.get<AutoregressiveMapping>();
  const KernelNetwork n(network, 1, network.groups);
  step->scratch_size = kernels<T>().autoregressive_scratch(n.shape());
  const AutoregressiveMap<T> map{transform.bins, static_cast<T>(transform.bound),
                                 transform.components};
  step->run = [n, map, rows = extent(node.rows), offset_stride = spread_of(node, 1).row_stride](
                  const Kernels<T>& kernel, const StepBuffers<T>& at) {
    const AutoregressiveShape shape = n.shape();
    Operands<T> weights, biases;
    copy_operands(at, 2, shape.layers + 1, &weights);
    copy_operands(at, 3 + shape.layers, shape.layers, &biases);
    kernel.autoregressive_solve(shape, map, rows, at.in(0), at.in(1), offset_stride, weights.data(),
                                biases.data(), at.scratch(), at.out());
  };
}

// Operands: the adjoint, reciprocal slopes, slopes by outputs, layers gates, layers + 1 weights.
template <class T>
void set_adjoint(const Node& node, Step<T>* step) {
  check_operands(node);
  const KernelNetwork n(network_of(&node), network_of(&node).groups, 1);
  step->scratch_size = kernels<T>().autoregressive_scratch(n.shape());
  step->run = [n, rows = extent(node.rows)](const Kernels<T>& kernel, const StepBuffers<T>& at) {
    const AutoregressiveShape shape = n.shape();
    Operands<T> gates, weights;
    copy_operands(at, 3, shape.layers, &gates);
    copy_operands(at, 3 + shape.layers, shape.layers + 1, &weights);
    kernel.autoregressive_adjoint(shape, rows, at.in(0), at.in(1), at.in(2), gates.data(),
                                  weights.data(), at.scratch(), at.out());
  };
}

void no_adjoint(const Node*, Expr, const Send&) {
  throw std::logic_error("no derivative of an autoregressive solution; see implicit()");
}
Expr no_tangent(const Node*, const Tangents&) {
  throw std::logic_error("no forward derivative of an autoregressive solution");
}

const Operator solve_operator = {"autoregressive_solve", no_adjoint, no_tangent,
                                 [](const Node& node, auto* step) { set_solve(node, step); },
                                 Operator::needs_workspace};

const Operator adjoint_operator = {"autoregressive_adjoint", no_adjoint, no_tangent,
                                   [](const Node& node, auto* step) { set_adjoint(node, step); },
                                   Operator::needs_workspace};

Expr reversed_columns(Expr x, int groups) {
  const int size = x.columns() / groups;
  std::vector<int> index;
  for (int g = 0; g < groups; ++g)
    for (int j = size; j-- > 0;) index.push_back(g * size + j);
  return gather_columns(x, index);
}

// Rows and columns of a weight matrix in reverse order; columns within each of `groups` groups.
Expr reversed(Expr w, int groups) {
  return transpose(reversed_columns(transpose(reversed_columns(w, groups)), 1));
}

// The adjoint of the residual from that of the solution. With everything in reverse order, it is a
// network of the same kind: its sources are the outputs' adjoints, its targets the inputs', a unit
// of degree d has degree D - d.
Expr implicit_adjoint(const Node* attach, Expr adjoint) {
  const AutoregressiveNetwork& network = network_of(attach);
  const auto in = [attach](int i) { return attach->in(extent(i)); };
  const int layers = network.layers();
  AutoregressiveNetwork turned = network;
  for (int& degree : turned.degree) degree = network.inputs - degree;
  std::reverse(turned.degree.begin(), turned.degree.end());
  for (int l = 0; l < layers; ++l)
    turned.skip[extent(l)] = l >= 2 && network.skip[extent(layers - l + 1)];
  Node node{&adjoint_operator,
            adjoint.rows(),
            adjoint.columns(),
            {reversed_columns(adjoint, 1).node(), reversed_columns(reciprocal(in(2)), 1).node(),
             reversed_columns(in(3), network.groups).node()},
            AutoregressiveMapping{turned}};
  for (int l = layers; l-- > 0;) node.inputs.push_back(reversed_columns(in(4 + l), 1).node());
  for (int l = layers + 1; l-- > 0;)
    node.inputs.push_back(reversed(in(4 + layers + l), l == layers ? network.groups : 1).node());
  return -reversed_columns(make_node(std::move(node)), 1);
}

// Operands: the solution, residual, slope, slopes by outputs, gates, weights.
const Operator implicit_operator = {
    "implicit",
    [](const Node* node, Expr g, const Send& send) { send(1, implicit_adjoint(node, g)); },
    no_tangent, nullptr, Operator::alias};

}  // namespace

Expr autoregressive_solve(const AutoregressiveNetwork& network,
                          const AutoregressiveTransform& transform, Expr z,
                          const AutoregressiveWeights& weights) {
  const std::size_t products = extent(network.layers()) + 1;
  const int mixed = transform.components;
  const int per_input = mixed > 0 ? 3 * mixed : transform.bins > 0 ? 3 * transform.bins - 1 : 2;
  if (weights.weights.size() != products || weights.biases.size() + 1 != products ||
      z.columns() != (mixed > 0 ? 2 : 1) * network.inputs || network.groups != per_input)
    throw std::invalid_argument("autoregressive_solve: shapes do not fit");
  Node node{&solve_operator,
            z.rows(),
            network.inputs + 1,
            {z.node(), weights.offset.node()},
            AutoregressiveMapping{network, transform}};
  for (const Expr w : weights.weights) node.inputs.push_back(transpose(w).node());
  for (const Expr b : weights.biases) node.inputs.push_back(b.node());
  return make_node(std::move(node));
}

Expr implicit(const AutoregressiveNetwork& network, Expr solution, Expr residual, Expr slope,
              Expr output_slopes, const std::vector<Expr>& gates,
              const std::vector<Expr>& weights) {
  Node node{&implicit_operator,
            solution.rows(),
            solution.columns(),
            {solution.node(), residual.node(), slope.node(), output_slopes.node()},
            AutoregressiveMapping{network}};
  for (const Expr gate : gates) node.inputs.push_back(gate.node());
  for (const Expr w : weights) node.inputs.push_back(w.node());
  return make_node(std::move(node));
}

}  // namespace pushforward
