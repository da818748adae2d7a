// The table of kernels a Plan calls, one copy per instruction set. Matrices are row-major and
// contiguous unless a stride is given; an output may be the same buffer as an elementwise operand
// of its size, and overlaps nothing else.
//
// The order of every floating-point operation is fixed by these declarations' comments, not by the
// width of a register, so that instruction sets with fused multiply-add agree to the last bit, and
// a row's value does not depend on the rows beside it.
#pragma once

#include <cstddef>

namespace pushforward {

enum class Unary {
  exp,
  log,
  tanh,
  tanh_slope,
  sigmoid,
  sigmoid_slope,
  softplus,
  relu,
  heaviside,
  sqrt,
  square,
  reciprocal,
  abs,
  sign,
  sin,
  cos,
  erf,
  log1p,
  expm1,
  lgamma,
  digamma,
  trigamma,
  count
};
enum class Binary {
  add,
  subtract,
  multiply,
  divide,
  silu_slope,     // of x sigmoid(x), from a = sigmoid(x) and b = x sigmoid(x): a + b (1 - a)
  tanh_backward,  // a (1 - b^2): a the adjoint of b = tanh(x)
  relu_backward,  // a where b > 0, else 0: a the adjoint of b = max(x, 0)
  count
};

// How an operand is spread over the rows x columns of the result.
struct Operand {
  std::size_t row_stride;     // 0: one row repeated
  std::size_t column_stride;  // 0: one column repeated, else 1
};

// A masked network whose units are sorted by degree. A hidden unit of degree d looks at the first d
// sources and at units of the layer before of degree d or less; target t at hidden units of degree
// t or less (without hidden layers: at the first t sources). There may be several groups of sources
// and of targets, group-major.
struct AutoregressiveShape {
  std::size_t inputs;  // sources of a group; as many targets
  std::size_t source_groups, target_groups;
  std::size_t layers, hidden;  // hidden layers, and units of each
  const int* degree;           // [hidden], rising
  const int* skip;             // [layers]: whether the sums of two layers before are added
};

// How an input comes of its noise and the network's outputs: an inverse spline of `bins` bins on
// [-bound, bound]; a draw from a mixture of `components` normals; or, with neither, x = z exp(s) +
// m with m and bound atanh(s / bound) the outputs (graph/autoregressive.hpp).
template <class T>
struct AutoregressiveMap {
  int bins;
  T bound;
  int components;
};

// Images are channels-last: a pixel is a row of `channels` numbers, rows run over images, then
// lines, then columns of an image.
struct ConvolutionShape {
  std::size_t height, width, channels;
  std::size_t out_height, out_width, out_channels;
  std::size_t kernel_height, kernel_width, stride;
  std::size_t pad_top, pad_left;  // lines and columns of zeros before the first
};

template <class T>
struct Kernels {
  void (*unary[static_cast<int>(Unary::count)])(std::size_t n, const T* x, T* out);
  // out = scale x + shift
  void (*affine)(std::size_t n, const T* x, T scale, T shift, T* out);
  void (*binary[static_cast<int>(Binary::count)])(std::size_t rows, std::size_t columns, const T* a,
                                                  Operand a_spread, const T* b, Operand b_spread,
                                                  T* out);
  // out = g (s + y (1 - s)), the adjoint of x from that of y = x sigmoid(x), with s = sigmoid(x)
  void (*silu_backward)(std::size_t n, const T* g, const T* s, const T* y, T* out);
  void (*select)(std::size_t rows, std::size_t columns, const T* condition,
                 Operand condition_spread, const T* yes, Operand yes_spread, const T* no,
                 Operand no_spread, T* out);

  // out[m, n] = bias[n] (or 0) + sum over p, in rising order, of a(i, p) b[p, j], with
  // a(i, p) = a[i * row_stride + p * inner_stride]. For n <= 2, k >= 16 and inner_stride 1
  // the sum over p is taken in 16 interleaved parts, added as a tree, instead.
  void (*matmul)(std::size_t m, std::size_t n, std::size_t k, const T* a, std::size_t row_stride,
                 std::size_t inner_stride, const T* b, const T* bias, T* out);
  // The same with holes: the k rows of b are `groups` blocks of equal size, and column j takes part
  // with rows [begin[j], end[j]) of every block; others are not looked at.
  void (*masked_matmul)(std::size_t m, std::size_t n, std::size_t k, const T* a, const T* b,
                        const T* bias, std::size_t groups, const int* begin, const int* end,
                        T* out);
  // transpose(a) b of a [k, m] and b [k, n] in rows [0, end[j]) of column j, 0 below. end is the
  // same, and rising, in each of `groups` groups of columns.
  void (*masked_outer)(std::size_t m, std::size_t n, std::size_t k, const T* a, const T* b,
                       std::size_t groups, const int* end, T* out);
  // Inverse of a lower triangle of size n, by forward substitution in double; upper triangle 0.
  void (*inverse_lower)(std::size_t n, const T* a, T* out);
  // x [rows, inputs], and the sum of log dx/dz in a last column, from z [rows, inputs] (a mixture's
  // has uniform numbers in `inputs` columns more). The first layer's sums
  // start from a row of `offset` (one for all where offset_stride is 0), the others' from `biases`.
  // weights[l] is [units, what they look at], the outputs' last. ReLU after every hidden sum.
  std::size_t (*autoregressive_scratch)(const AutoregressiveShape& shape);  // numbers
  void (*autoregressive_solve)(const AutoregressiveShape& shape, const AutoregressiveMap<T>& map,
                               std::size_t rows, const T* z, const T* offset,
                               std::size_t offset_stride, const T* const* weights,
                               const T* const* biases, T* scratch, T* out);
  // v with transpose(J) v = adjoint, J being the Jacobian of a one-pass autoregressive map. Sources
  // are v times the slopes of the map by its outputs, a layer's value is its sum times its gate.
  void (*autoregressive_adjoint)(const AutoregressiveShape& shape, std::size_t rows,
                                 const T* adjoint, const T* reciprocal_slope,
                                 const T* output_slopes, const T* const* gates,
                                 const T* const* weights, T* scratch, T* out);
  void (*transpose)(std::size_t rows, std::size_t columns, const T* x, T* out);

  // out(n, y, x, k) = bias[k] (or 0) + sum over rising (i, j, c) of
  // in(n, y stride + i - pad_top, x stride + j - pad_left, c) weights[(i kernel_width + j) channels
  // + c, k], then max(., 0) if relu. What lies outside of the image counts as 0 and takes part in
  // the sum. Pixels are in_stride and out_stride numbers apart, so that columns of a wider matrix
  // can be read and written.
  void (*convolution)(const ConvolutionShape& shape, std::size_t images, const T* in,
                      std::size_t in_stride, const T* weights, const T* bias, bool relu, T* out,
                      std::size_t out_stride);

  // Its adjoint by `in` (also a convolution upwards), from that of its result [images out_height
  // out_width, out_channels]: out(n, y, x, c) = bias[c] (or 0) + sum over rising (i, j, k) of
  // adjoint(n, (y + pad_top - i) / stride, (x + pad_left - j) / stride, k) weights[.., k] where the
  // divisions leave no rest; what lies outside of the adjoint counts as 0.
  void (*convolution_back)(const ConvolutionShape& shape, std::size_t images, const T* adjoint,
                           std::size_t adjoint_stride, const T* weights, const T* bias, T* out,
                           std::size_t out_stride);
  // Its adjoint by the weights, out [kernel_height kernel_width channels, out_channels]: sums over
  // rising pixels of the result, taps outside of the image counting as 0.
  void (*convolution_weights)(const ConvolutionShape& shape, std::size_t images, const T* in,
                              std::size_t in_stride, const T* adjoint, std::size_t adjoint_stride,
                              T* out);

  // The same three for kernels of 3 x 3 and stride 1 with padding of at most 2, by fewer products
  // (kernels/winograd.cpp): sums are taken in another order. Null for double. `scratch` is
  // winograd_scratch() numbers, `back` telling of winograd_back.
  std::size_t (*winograd_scratch)(const ConvolutionShape& shape, bool back);
  void (*winograd)(const ConvolutionShape& shape, std::size_t images, const T* in, const T* weights,
                   const T* bias, T* out, T* scratch);
  void (*winograd_back)(const ConvolutionShape& shape, std::size_t images, const T* adjoint,
                        const T* weights, const T* bias, T* out, T* scratch);
  void (*winograd_weights)(const ConvolutionShape& shape, std::size_t images, const T* in,
                           const T* adjoint, T* out, T* scratch);

  // Rows shorter than 16 are added in order; longer ones in 16 interleaved partial sums that are
  // then added as a tree.
  void (*sum_columns)(std::size_t rows, std::size_t columns, const T* x, T* out);
  void (*sum_rows)(std::size_t rows, std::size_t columns, const T* x, T* out);  // in order
  // At least the lowest finite number, so that it can be subtracted from a row of -infinity.
  void (*max_columns)(std::size_t rows, std::size_t columns, const T* x, T* out);
  void (*broadcast)(std::size_t rows, std::size_t columns, const T* x, Operand spread, T* out);
  void (*gather)(std::size_t rows, std::size_t columns, const T* x, const int* index,
                 std::size_t count, T* out);
  void (*scatter)(std::size_t rows, std::size_t columns, const T* x, const int* index,
                  std::size_t count, T* out);

  // Rational-quadratic splines (graph/spline.hpp has shapes and layout), one an element of x
  // [rows, columns]. out [rows, 2 columns] = value, log slope.
  void (*spline)(std::size_t rows, std::size_t columns, const T* x, const T* parameters, int bins,
                 T bound, T* out);
  void (*spline_inverse)(std::size_t rows, std::size_t columns, const T* x, const T* parameters,
                         int bins, T bound, T* out);
  // From the adjoint of spline's out, out [rows, 3 bins columns] = adjoint of x, of parameters.
  void (*spline_backward)(std::size_t rows, std::size_t columns, const T* x, const T* parameters,
                          const T* adjoint, int bins, T bound, T* out);
};

// The copy this process runs (base/instruction_set.hpp).
template <class T>
[[nodiscard]] const Kernels<T>& kernels();

// Each file of kernels fills its part of a table; all copies of the toolkit's kernels are listed
// here and nowhere else.
#define PUSHFORWARD_KERNEL_PARTS(set)                           \
  namespace set {                                               \
  void add_elementwise_kernels(Kernels<float>* table);          \
  void add_elementwise_kernels(Kernels<double>* table);         \
  void add_matmul_kernels(Kernels<float>* table);               \
  void add_matmul_kernels(Kernels<double>* table);              \
  void add_reduce_kernels(Kernels<float>* table);               \
  void add_reduce_kernels(Kernels<double>* table);              \
  void add_autoregressive_kernels(Kernels<float>* table);       \
  void add_autoregressive_kernels(Kernels<double>* table);      \
  void add_convolution_kernels(Kernels<float>* table);          \
  void add_convolution_kernels(Kernels<double>* table);         \
  void add_convolution_weights_kernels(Kernels<float>* table);  \
  void add_convolution_weights_kernels(Kernels<double>* table); \
  void add_spline_kernels(Kernels<float>* table);               \
  void add_spline_kernels(Kernels<double>* table);              \
  void add_winograd_kernels(Kernels<float>* table);             \
  void add_winograd_kernels(Kernels<double>* table);            \
  }
PUSHFORWARD_KERNEL_PARTS(baseline)
PUSHFORWARD_KERNEL_PARTS(avx2)
PUSHFORWARD_KERNEL_PARTS(avx512)
#undef PUSHFORWARD_KERNEL_PARTS

}  // namespace pushforward
