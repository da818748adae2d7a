#include "graph/steps.hpp"

#include <cstring>

namespace pushforward {

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
  if (!node.inputs.empty()) {
    step.inner_rows = static_cast<std::size_t>(node.inputs[0]->rows);
    step.inner_columns = static_cast<std::size_t>(node.inputs[0]->columns);
  }
  for (std::size_t i = 0; i < node.inputs.size(); ++i) {
    const Node& input = *node.inputs[i];
    const std::size_t columns = static_cast<std::size_t>(input.columns);
    step.spread[i] = {input.rows == 1 && node.rows > 1 ? 0 : columns,
                      input.columns == 1 && node.columns > 1 ? std::size_t{0} : std::size_t{1}};
  }
  return step;
}

template <class T>
void run_step(const Step<T>& s, const Kernels<T>& kernel, T* const* bases) {
  const auto at = [bases](const Place& place) { return bases[place.base] + place.offset; };
  T* out = at(s.out);
  const T* a = at(s.in[0]);
  const std::size_t n = s.rows * s.columns;
  switch (s.op) {
    case Op::unary:
      kernel.unary[static_cast<int>(s.unary_op)](n, a, out);
      break;
    case Op::affine:
      kernel.affine(n, a, s.scale, s.shift, out);
      break;
    case Op::binary:
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
      kernel.gather(s.rows, s.inner_columns, a, s.index.data(), s.columns, out);
      break;
    case Op::scatter:
      kernel.scatter(s.rows, s.columns, a, s.index.data(), s.inner_columns, out);
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
    case Op::input:
    case Op::parameter:
    case Op::constant:
    case Op::stop_gradient:
      std::memcpy(out, a, n * sizeof(T));
      break;  // a copy to an output
  }
}

template <class T>
std::string step_name(const Step<T>& s) {
  static const char* const unary_names[] = {
      "exp",      "log",  "tanh",   "tanh_slope", "sigmoid", "sigmoid_slope", "softplus", "relu",
      "positive", "sqrt", "square", "reciprocal", "abs",     "sign",          "sin",      "cos"};
  static const char* const binary_names[] = {"add",    "subtract",   "multiply",
                                             "divide", "silu_slope", "tanh_backward"};
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
    case Op::silu_backward:
      return "silu_backward " + shape;
    case Op::spline:
      return "spline " + shape;
    case Op::spline_inverse:
      return "spline_inverse " + shape;
    case Op::spline_backward:
      return "spline_backward " + shape;
    case Op::input:
    case Op::parameter:
    case Op::constant:
    case Op::stop_gradient:
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
