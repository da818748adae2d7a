#include "graph/autoregressive.hpp"

#include <algorithm>
#include <stdexcept>

#include "graph/node.hpp"

namespace pushforward {
namespace {

// A node's `index`: inputs, groups, layers, components, a skip a layer, then the degrees.
std::vector<int> packed(const AutoregressiveNetwork& network, int components = 0) {
  std::vector<int> index = {network.inputs, network.groups, network.layers(), components};
  for (const bool skip : network.skip) index.push_back(skip ? 1 : 0);
  index.insert(index.end(), network.degree.begin(), network.degree.end());
  return index;
}

AutoregressiveNetwork unpacked(const std::vector<int>& index) {
  AutoregressiveNetwork network;
  network.inputs = index[0];
  network.groups = index[1];
  const auto skips = index.begin() + 4, degrees = skips + index[2];
  network.skip.assign(skips, degrees);
  network.degree.assign(degrees, index.end());
  return network;
}

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

}  // namespace

Expr autoregressive_solve(const AutoregressiveNetwork& network,
                          const AutoregressiveTransform& transform, Expr z,
                          const AutoregressiveWeights& weights) {
  const std::size_t products = static_cast<std::size_t>(network.layers()) + 1;
  const int mixed = transform.components;
  const int per_input = mixed > 0 ? 3 * mixed : transform.bins > 0 ? 3 * transform.bins - 1 : 2;
  if (weights.weights.size() != products || weights.biases.size() + 1 != products ||
      z.columns() != (mixed > 0 ? 2 : 1) * network.inputs || network.groups != per_input)
    throw std::invalid_argument("autoregressive_solve: shapes do not fit");
  Node node{
      Op::autoregressive_solve, z.rows(), network.inputs + 1, {z.node(), weights.offset.node()}};
  for (const Expr w : weights.weights) node.inputs.push_back(transpose(w).node());
  for (const Expr b : weights.biases) node.inputs.push_back(b.node());
  node.index = packed(network, mixed);
  node.scale = transform.bins;
  node.shift = transform.bound;
  return make_node(std::move(node));
}

Expr implicit(const AutoregressiveNetwork& network, Expr solution, Expr residual, Expr slope,
              Expr output_slopes, const std::vector<Expr>& gates,
              const std::vector<Expr>& weights) {
  Node node{Op::attach,
            solution.rows(),
            solution.columns(),
            {solution.node(), residual.node(), slope.node(), output_slopes.node()}};
  for (const Expr gate : gates) node.inputs.push_back(gate.node());
  for (const Expr w : weights) node.inputs.push_back(w.node());
  node.index = packed(network);
  return make_node(std::move(node));
}

// With everything in reverse order, the adjoint is a network of the same kind: its sources are the
// outputs' adjoints, its targets the inputs', a unit of degree d has degree D - d.
Expr implicit_adjoint(const Node* attach, Expr adjoint) {
  const AutoregressiveNetwork network = unpacked(attach->index);
  const auto in = [attach](int i) { return Expr(attach->inputs[static_cast<std::size_t>(i)]); };
  const int layers = network.layers();
  AutoregressiveNetwork turned = network;
  for (int& degree : turned.degree) degree = network.inputs - degree;
  std::reverse(turned.degree.begin(), turned.degree.end());
  for (int l = 0; l < layers; ++l)
    turned.skip[static_cast<std::size_t>(l)] =
        l >= 2 && network.skip[static_cast<std::size_t>(layers - l + 1)];
  Node node{Op::autoregressive_adjoint,
            adjoint.rows(),
            adjoint.columns(),
            {reversed_columns(adjoint, 1).node(), reversed_columns(reciprocal(in(2)), 1).node(),
             reversed_columns(in(3), network.groups).node()}};
  for (int l = layers; l-- > 0;) node.inputs.push_back(reversed_columns(in(4 + l), 1).node());
  for (int l = layers + 1; l-- > 0;)
    node.inputs.push_back(reversed(in(4 + layers + l), l == layers ? network.groups : 1).node());
  node.index = packed(turned);
  return -reversed_columns(make_node(std::move(node)), 1);
}

}  // namespace pushforward
