#include "graph/spline.hpp"

#include <cmath>
#include <map>
#include <stdexcept>

#include "graph/operator.hpp"

namespace pushforward {
namespace {

const SplineShape& shape_of(const Node* node) { return node->get<SplineShape>(); }

// A node as an expression of elementary operators on other leaves.
using ComposeOn = Expr (*)(const std::vector<Expr>& leaves, const SplineShape& shape);

Expr both(const SplineValue& parts) { return hstack({parts.value, parts.log_slope}); }

Expr encode_on(const std::vector<Expr>& leaves, const SplineShape& shape) {
  return both(composed_spline_encode(leaves[0], leaves[1], shape));
}
Expr decode_on(const std::vector<Expr>& leaves, const SplineShape& shape) {
  return both(composed_spline_decode(leaves[0], leaves[1], shape));
}
Expr backward_on(const std::vector<Expr>& leaves, const SplineShape& shape) {
  const Expr value = encode_on(leaves, shape);
  return hstack(gradient(sum(value * leaves[2]), {leaves[0], leaves[1]}));
}

// A spline node's value as a composed expression of leaves that stand for its inputs. Leaves,
// because the inputs may depend on each other and only partial derivatives are wanted here.
struct Composed {
  std::vector<Expr> leaves;
  Expr value;

  Composed(const Node* node, ComposeOn compose) {
    for (const Node* input : node->inputs)
      leaves.push_back(node->graph->input("spline", input->rows, input->columns));
    value = compose(leaves, shape_of(node));
  }
};

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
    std::vector<const Node*> inputs;
    for (const Node* input : old.inputs) inputs.push_back(current(input));
    if (inputs == old.inputs) continue;
    Node copy = old;
    copy.inputs = std::move(inputs);
    replaced[&old] = make_node(std::move(copy)).node();
  }
  std::vector<Expr> result;
  for (const Expr expression : expressions) result.emplace_back(current(expression.node()));
  return result;
}

template <ComposeOn compose>
void composed_adjoint(const Node* node, Expr g, const Send& send) {
  const Composed composed(node, compose);
  const std::vector<Expr> parts =
      on_inputs(gradient(sum(composed.value * g), composed.leaves), composed, node);
  for (std::size_t i = 0; i < parts.size(); ++i) send(i, parts[i]);
}

template <ComposeOn compose>
Expr composed_tangent(const Node* node, const Tangents& tangents) {
  const Composed composed(node, compose);
  std::vector<Expr> moving, directions;
  for (std::size_t i = 0; i < tangents.size(); ++i) {
    if (!tangents[i].valid()) continue;
    moving.push_back(composed.leaves[i]);
    directions.push_back(tangents[i]);
  }
  return on_inputs(tangent({composed.value}, moving, directions), composed, node)[0];
}

// Of x, parameters, the adjoint of encoding: [adjoint of x | of parameters].
const Operator backward_operator = {
    "spline_backward", composed_adjoint<backward_on>, composed_tangent<backward_on>,
    [](const Node& node, auto* step) {
      const auto [bins, bound] = shape_of(&node);
      step->run = [m = extent(node.rows), n = extent(node.inputs[0]->columns), bins = bins,
                   bound = step->number(bound)](const auto& kernel, const auto& at) {
        kernel.spline_backward(m, n, at.in(0), at.in(1), at.in(2), bins, bound, at.out());
      };
    }};

// Of x, parameters: [value | log slope].
const Operator encode_operator = {
    "spline",
    [](const Node* node, Expr g, const Send& send) {
      const Node *x = node->inputs[0], *parameters = node->inputs[1];
      const Expr adjoints = make_node({&backward_operator,
                                       x->rows,
                                       x->columns + parameters->columns,
                                       {x, parameters, g.node()},
                                       shape_of(node)});
      send_both(send, {slice_columns(adjoints, 0, x->columns),
                       slice_columns(adjoints, x->columns, parameters->columns)});
    },
    composed_tangent<encode_on>,
    [](const Node& node, auto* step) {
      const auto [bins, bound] = shape_of(&node);
      step->run = [m = extent(node.rows), n = extent(node.inputs[0]->columns), bins = bins,
                   bound = step->number(bound)](const auto& kernel, const auto& at) {
        kernel.spline(m, n, at.in(0), at.in(1), bins, bound, at.out());
      };
    }};

const Operator decode_operator = {
    "spline_inverse", composed_adjoint<decode_on>, composed_tangent<decode_on>,
    [](const Node& node, auto* step) {
      const auto [bins, bound] = shape_of(&node);
      step->run = [m = extent(node.rows), n = extent(node.inputs[0]->columns), bins = bins,
                   bound = step->number(bound)](const auto& kernel, const auto& at) {
        kernel.spline_inverse(m, n, at.in(0), at.in(1), bins, bound, at.out());
      };
    }};

SplineValue fused(const Operator& op, Expr x, Expr parameters, const SplineShape& shape) {
  if (shape.bins < 1 || shape.bins > spline_most_bins)
    throw std::invalid_argument("spline: too few or too many bins");
  if (!(shape.bound > 0) || !std::isfinite(shape.bound))
    throw std::invalid_argument("spline: the bound is no positive number");
  if (parameters.rows() != x.rows() || parameters.columns() != (3 * shape.bins - 1) * x.columns())
    throw std::invalid_argument("spline: an element has 3 bins - 1 parameters");
  const Expr value =
      make_node({&op, x.rows(), 2 * x.columns(), {x.node(), parameters.node()}, shape});
  return {slice_columns(value, 0, x.columns()), slice_columns(value, x.columns(), x.columns())};
}

}  // namespace

SplineValue spline_encode(Expr x, Expr parameters, const SplineShape& shape) {
  return fused(encode_operator, x, parameters, shape);
}

SplineValue spline_decode(Expr z, Expr parameters, const SplineShape& shape) {
  return fused(decode_operator, z, parameters, shape);
}

}  // namespace pushforward
