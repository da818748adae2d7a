#include "graph/spline_derivatives.hpp"

#include <map>

#include "graph/spline.hpp"

namespace pushforward {
namespace {

// A spline node's value as a composed expression of leaves that stand for its inputs. Leaves,
// because the inputs may depend on each other and only partial derivatives are wanted here.
struct Composed {
  std::vector<Expr> leaves;
  Expr value;
};

Composed compose(const Node* node) {
  Composed composed;
  for (const Node* input : node->inputs)
    composed.leaves.push_back(node->graph->input("spline", input->rows, input->columns));
  const Expr x = composed.leaves[0], parameters = composed.leaves[1];
  SplineShape shape;
  shape.bins = node->index[0];
  shape.bound = node->scale;
  const SplineValue parts = node->op == Op::spline_inverse
                                ? composed_spline_decode(x, parameters, shape)
                                : composed_spline_encode(x, parameters, shape);
  composed.value = concatenate_columns({parts.value, parts.log_slope});
  if (node->op == Op::spline_backward)
    composed.value =
        concatenate_columns(gradient(sum(composed.value * composed.leaves[2]), {x, parameters}));
  return composed;
}

// The expressions with the leaves replaced by the inputs of the node.
std::vector<Expr> on_inputs(const std::vector<Expr>& expressions, const Composed& composed,
                            const Node* node) {
  std::map<const Node*, const Node*> replaced;
  for (std::size_t i = 0; i < node->inputs.size(); ++i)
    replaced[composed.leaves[i].node()] = node->inputs[i];
  const auto current = [&](const Node* old) {
    const auto at = replaced.find(old);
    return at == replaced.end() ? old : at->second;
  };
  // Nodes older than the leaves cannot depend on them; those made by the loop need not be visited.
  const auto& nodes = node->graph->store().nodes;
  const std::size_t end = nodes.size();
  for (std::size_t id = composed.leaves.front().node()->id; id < end; ++id) {
    const Node& old = nodes[id];
    bool changed = false;
    Node copy = old;
    for (const Node*& input : copy.inputs) {
      changed = changed || current(input) != input;
      input = current(input);
    }
    if (changed) replaced[&old] = make_node(std::move(copy)).node();
  }
  std::vector<Expr> result;
  for (const Expr expression : expressions) result.emplace_back(current(expression.node()));
  return result;
}

}  // namespace

std::vector<Expr> spline_adjoints(const Node* node, Expr g) {
  if (node->op == Op::spline) {
    const Node* x = node->inputs[0];
    const Node* parameters = node->inputs[1];
    Node backward{
        Op::spline_backward, x->rows, x->columns + parameters->columns, {x, parameters, g.node()}};
    backward.index = node->index;
    backward.scale = node->scale;
    const Expr both = make_node(std::move(backward));
    return {slice_columns(both, 0, x->columns),
            slice_columns(both, x->columns, parameters->columns)};
  }
  const Composed composed = compose(node);
  return on_inputs(gradient(sum(composed.value * g), composed.leaves), composed, node);
}

Expr spline_tangent(const Node* node, const std::vector<Expr>& tangents) {
  const Composed composed = compose(node);
  std::vector<Expr> moving, directions;
  for (std::size_t i = 0; i < tangents.size(); ++i) {
    if (!tangents[i].valid()) continue;
    moving.push_back(composed.leaves[i]);
    directions.push_back(tangents[i]);
  }
  return on_inputs(tangent({composed.value}, moving, directions), composed, node)[0];
}

}  // namespace pushforward
