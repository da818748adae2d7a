#include "graph/steps.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <stdexcept>

#include "graph/block_steps.hpp"

namespace pushforward {
namespace {

// Begin and end of every column of the right operand, from the staircase (kernels.hpp).
template <class T>
void set_ranges(const Node& node, Step<T>* step) {
  const std::size_t size = node.index.size();
  step->index.assign(2 * step->columns, 0);
  int* begin = step->index.data();
  int* end = begin + step->columns;
  if (node.op == Op::masked_outer) step->groups = step->columns / size;
  if (node.op != Op::masked_matmul_back) {
    for (std::size_t j = 0; j < step->columns; ++j) end[j] = node.index[j % size];
    return;
  }
  step->groups = static_cast<std::size_t>(node.inputs[0]->columns) / size;
  for (std::size_t p = 0, first = 0; p < step->columns; ++p) {
    while (first < size && node.index[first] <= static_cast<int>(p)) ++first;
    begin[p] = static_cast<int>(first);
    end[p] = static_cast<int>(size);
  }
}

// The network of an autoregressive node, whose `index` is laid out as autoregressive.cpp says.
AutoregressiveShape network_of(const std::vector<int>& index, bool adjoint) {
  AutoregressiveShape shape{};
  const std::size_t groups = static_cast<std::size_t>(index[1]);
  shape.inputs = static_cast<std::size_t>(index[0]);
  shape.source_groups = adjoint ? groups : 1;
  shape.target_groups = adjoint ? 1 : groups;
  shape.layers = static_cast<std::size_t>(index[2]);
  shape.skip = index.data() + 4;
  shape.degree = shape.skip + shape.layers;
  shape.hidden = index.size() - 4 - shape.layers;
  return shape;
}

// Pointers to operands, at most this many: a network has fewer than 100 layers.
constexpr std::size_t most_operands = 512;

template <class T>
void run_autoregressive(const Step<T>& s, const Kernels<T>& kernel, T* const* bases) {
  const auto at = [bases](const Place& place) { return bases[place.base] + place.offset; };
  const AutoregressiveShape network = network_of(s.index, s.op == Op::autoregressive_adjoint);
  std::array<const T*, most_operands> more;
  for (std::size_t i = 0; i < s.more_in.size(); ++i) more[i] = at(s.more_in[i]);
  const T* third = at(s.in[2]);
  if (s.op == Op::autoregressive_adjoint) {
    kernel.autoregressive_adjoint(network, s.rows, at(s.in[0]), at(s.in[1]), third, more.data(),
                                  more.data() + network.layers, at(s.scratch), at(s.out));
    return;
  }
  std::array<const T*, most_operands> weights;  // operand 2 is the first
  weights[0] = third;
  std::copy_n(more.begin(), network.layers, weights.begin() + 1);
  const AutoregressiveMap<T> map{static_cast<int>(s.scale), s.shift, s.index[3]};
  kernel.autoregressive_solve(network, map, s.rows, at(s.in[0]), at(s.in[1]),
                              s.spread[1].row_stride, weights.data(), more.data() + network.layers,
                              at(s.scratch), at(s.out));
}

}  // namespace

const Node* repeated_operand(const Node& node, std::size_t i) {
  if (node.op != Op::binary) return nullptr;
  const auto repeat = [&node](std::size_t k) {
    const Node* operand = node.inputs[k];
    while (operand->op == Op::stop_gradient) operand = operand->inputs[0];
    return operand->op == Op::repeat_rows && operand->rows == node.rows ? operand : nullptr;
  };
  return i == 1 && repeat(0) != nullptr ? nullptr : repeat(i);
}

template <class T>
Step<T> make_step(const Node& node, Fold fold) {
  Step<T> step;
  step.op = fold == Fold::slope ? Op::silu_backward : node.op;
  step.unary_op = node.unary_op;
  step.binary_op = node.binary_op;
  step.rows = static_cast<std::size_t>(node.rows);
  step.columns = static_cast<std::size_t>(node.columns);
  step.scale = static_cast<T>(node.scale);
  step.shift = static_cast<T>(node.shift);
  step.index = node.index;
  step.has_bias = fold == Fold::bias;
  if (node.op == Op::masked_matmul || node.op == Op::masked_matmul_back ||
      node.op == Op::masked_outer)
    set_ranges(node, &step);
  if (node.op == Op::autoregressive_solve || node.op == Op::autoregressive_adjoint) {
    if (node.inputs.size() > most_operands)
      throw std::invalid_argument("a network of too many layers");
    step.scratch_size = kernels<T>().autoregressive_scratch(
        network_of(step.index, node.op == Op::autoregressive_adjoint));
  }
  if (node.op == Op::batched_matmul) step.scratch_size = batched_matmul_scratch(node);
  if (node.op == Op::convolution || node.op == Op::convolution_back ||
      node.op == Op::convolution_weights)
    set_convolution(node, &step);
  if (node.op == Op::gather || node.op == Op::scatter) set_runs(node, &step);
  if (!node.inputs.empty()) {
    step.inner_rows = static_cast<std::size_t>(node.inputs[0]->rows);
    step.inner_columns = static_cast<std::size_t>(node.inputs[0]->columns);
  }
  for (std::size_t i = 0; i < std::min<std::size_t>(node.inputs.size(), 3); ++i) {
    const Node& input = *node.inputs[i];
    const std::size_t columns = static_cast<std::size_t>(input.columns);
    step.spread[i] = {input.rows == 1 && node.rows > 1 ? 0 : columns,
                      input.columns == 1 && node.columns > 1 ? std::size_t{0} : std::size_t{1}};
    if (const Node* repeat = repeated_operand(node, i); repeat != nullptr) {
      step.block = static_cast<std::size_t>(repeat->index[0]);
      step.repeated = i;
    }
  }
  return step;
}

template <class T>
void run_step(const Step<T>& s, const Kernels<T>& kernel, T* const* bases) {
  const auto at = [bases](const Place& place) { return bases[place.base] + place.offset; };
  T* out = at(s.out);
  const T* a = at(s.in[0]);
  T* const scratch = s.scratch_size > 0 ? at(s.scratch) : nullptr;
  const std::size_t n = s.rows * s.columns;
  switch (s.op) {
    case Op::unary:
      kernel.unary[static_cast<int>(s.unary_op)](n, a, out);
      break;
    case Op::affine:
      kernel.affine(n, a, s.scale, s.shift, out);
      break;
    case Op::binary:
      if (s.block > 0)
        run_repeated(s, kernel, a, at(s.in[1]), out);
      else
        kernel.binary[static_cast<int>(s.binary_op)](s.rows, s.columns, a, s.spread[0], at(s.in[1]),
                                                     s.spread[1], out);
      break;
    case Op::select:
      kernel.select(s.rows, s.columns, a, s.spread[0], at(s.in[1]), s.spread[1], at(s.in[2]),
                    s.spread[2], out);
      break;
    case Op::matmul:
      kernel.matmul(s.rows, s.columns, s.inner_columns, a, s.inner_columns, 1, at(s.in[1]),
                    s.has_bias ? at(s.in[2]) : nullptr, out);
      break;
    case Op::matmul_transposed:
      kernel.matmul(s.rows, s.columns, s.inner_rows, a, 1, s.inner_columns, at(s.in[1]),
                    s.has_bias ? at(s.in[2]) : nullptr, out);
      break;
    case Op::masked_matmul:
    case Op::masked_matmul_back:
      kernel.masked_matmul(s.rows, s.columns, s.inner_columns, a, at(s.in[1]),
                           s.has_bias ? at(s.in[2]) : nullptr, s.groups, s.index.data(),
                           s.index.data() + s.columns, out);
      break;
    case Op::masked_outer:
      kernel.masked_outer(s.rows, s.columns, s.inner_rows, a, at(s.in[1]), s.groups,
                          s.index.data() + s.columns, out);
      break;
    case Op::inverse_lower:
      kernel.inverse_lower(s.rows, a, out);
      break;
    case Op::transpose:
      kernel.transpose(s.inner_rows, s.inner_columns, a, out);
      break;
    case Op::sum_columns:
      kernel.sum_columns(s.inner_rows, s.inner_columns, a, out);
      break;
    case Op::sum_rows:
      kernel.sum_rows(s.inner_rows, s.inner_columns, a, out);
      break;
    case Op::sum:
      kernel.sum_columns(1, s.inner_rows * s.inner_columns, a, out);
      break;
    case Op::max_columns:
      kernel.max_columns(s.inner_rows, s.inner_columns, a, out);
      break;
    case Op::broadcast:
      kernel.broadcast(s.rows, s.columns, a, s.spread[0], out);
      break;
    case Op::gather:
      if (!s.runs.empty())
        gather_runs(s, a, out);
      else
        kernel.gather(s.rows, s.inner_columns, a, s.index.data(), s.columns, out);
      break;
    case Op::scatter:
      if (!s.runs.empty())
        scatter_runs(s, a, out);
      else
        kernel.scatter(s.rows, s.columns, a, s.index.data(), s.inner_columns, out);
      break;
    case Op::autoregressive_solve:
    case Op::autoregressive_adjoint:
      run_autoregressive(s, kernel, bases);
      break;
    case Op::silu_backward:
      kernel.silu_backward(n, a, at(s.in[1]), at(s.in[2]), out);
      break;
    case Op::spline:
      kernel.spline(s.rows, s.inner_columns, a, at(s.in[1]), s.index[0], s.scale, out);
      break;
    case Op::spline_inverse:
      kernel.spline_inverse(s.rows, s.inner_columns, a, at(s.in[1]), s.index[0], s.scale, out);
      break;
    case Op::spline_backward:
      kernel.spline_backward(s.rows, s.inner_columns, a, at(s.in[1]), at(s.in[2]), s.index[0],
                             s.scale, out);
      break;
    case Op::sum_row_blocks:
    case Op::repeat_rows:
      run_row_blocks(s, kernel, a, out);
      break;
    case Op::batched_matmul:
      run_batched_matmul(s, kernel, a, at(s.in[1]), scratch, out);
      break;
    case Op::convolution:
    case Op::convolution_back:
    case Op::convolution_weights:
      run_convolution(s, kernel, a, at(s.in[1]), s.has_bias ? at(s.in[2]) : nullptr, scratch, out);
      break;
    case Op::input:
    case Op::parameter:
    case Op::constant:
    case Op::stop_gradient:
    case Op::attach:
    case Op::reshape:
      std::memcpy(out, a, n * sizeof(T));
      break;  // a copy to an output
  }
}

template <class T>
std::string step_name(const Step<T>& s) {
  static const char* const unary_names[] = {
      "exp",       "log",  "tanh",   "tanh_slope", "sigmoid", "sigmoid_slope", "softplus", "relu",
      "heaviside", "sqrt", "square", "reciprocal", "abs",     "sign",          "sin",      "cos"};
  static const char* const binary_names[] = {
      "add", "subtract", "multiply", "divide", "silu_slope", "tanh_backward", "relu_backward"};
  const std::string shape = std::to_string(s.rows) + "x" + std::to_string(s.columns);
  switch (s.op) {
    case Op::unary:
      return unary_names[static_cast<int>(s.unary_op)] + (" " + shape);
    case Op::affine:
      return "affine " + shape;
    case Op::binary:
      return binary_names[static_cast<int>(s.binary_op)] + (" " + shape);
    case Op::select:
      return "select " + shape;
    case Op::matmul:
      return "matmul " + shape + "x" + std::to_string(s.inner_columns);
    case Op::matmul_transposed:
      return "matmul_transposed " + shape + "x" + std::to_string(s.inner_rows);
    case Op::masked_matmul:
    case Op::masked_matmul_back:
      return "masked_matmul " + shape + "x" + std::to_string(s.inner_columns);
    case Op::masked_outer:
      return "masked_outer " + shape + "x" + std::to_string(s.inner_rows);
    case Op::inverse_lower:
      return "inverse_lower " + shape;
    case Op::transpose:
      return "transpose " + shape;
    case Op::sum_columns:
      return "sum_columns " + shape + "x" + std::to_string(s.inner_columns);
    case Op::sum_rows:
      return "sum_rows " + shape + "x" + std::to_string(s.inner_rows);
    case Op::sum:
      return "sum " + std::to_string(s.inner_rows * s.inner_columns);
    case Op::max_columns:
      return "max_columns " + shape;
    case Op::broadcast:
      return "broadcast " + shape;
    case Op::gather:
      return "gather " + shape;
    case Op::scatter:
      return "scatter " + shape;
    case Op::autoregressive_solve:
      return "autoregressive_solve " + shape;
    case Op::autoregressive_adjoint:
      return "autoregressive_adjoint " + shape;
    case Op::silu_backward:
      return "silu_backward " + shape;
    case Op::spline:
      return "spline " + shape;
    case Op::spline_inverse:
      return "spline_inverse " + shape;
    case Op::spline_backward:
      return "spline_backward " + shape;
    case Op::sum_row_blocks:
      return "sum_row_blocks " + shape;
    case Op::repeat_rows:
      return "repeat_rows " + shape;
    case Op::batched_matmul:
      return "batched_matmul " + shape + "x" + std::to_string(s.inner_columns);
    case Op::convolution:
      return "convolution " + convolution_name(s);
    case Op::convolution_back:
      return "convolution_back " + convolution_name(s);
    case Op::convolution_weights:
      return "convolution_weights " + convolution_name(s);
    case Op::input:
    case Op::parameter:
    case Op::constant:
    case Op::stop_gradient:
    case Op::attach:
    case Op::reshape:
      break;
  }
  return "copy " + shape;
}

template struct Step<float>;
template struct Step<double>;
template Step<float> make_step(const Node&, Fold);
template Step<double> make_step(const Node&, Fold);
template void run_step(const Step<float>&, const Kernels<float>&, float* const*);
template void run_step(const Step<double>&, const Kernels<double>&, double* const*);
template std::string step_name(const Step<float>&);
template std::string step_name(const Step<double>&);

}  // namespace pushforward
