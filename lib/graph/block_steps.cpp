#include "graph/block_steps.hpp"

#include <algorithm>
#include <cstring>

namespace pushforward {
namespace {

std::size_t number(int i) { return static_cast<std::size_t>(i); }

// Whether Winograd's algorithm saves more than its transforms cost, measured: with few channels it
// does not, nor where many of the pixels it computes lie outside of the result. Not a question of
// how many images there are, as a row's bits are to be free of the others.
bool saves_products(const ConvolutionShape& s, bool back) {
  constexpr std::size_t least_channels = 8, least_product = 512;
  if (s.kernel_height != 3 || s.kernel_width != 3 || s.stride != 1) return false;
  if (s.pad_top > 2 || s.pad_left > 2) return false;
  if (std::min(s.channels, s.out_channels) < least_channels) return false;
  if (s.channels * s.out_channels < least_product) return false;
  const std::size_t height = back ? s.height : s.out_height, width = back ? s.width : s.out_width;
  const std::size_t computed = (height + 1) / 2 * ((width + 1) / 2) * 4;
  return 3 * height * width >= 2 * computed;
}

}  // namespace

template <class T>
void set_convolution(const Node& node, Step<T>* step) {
  const auto at = [&node](std::size_t i) { return number(node.index[i]); };
  step->convolution = {at(0), at(1), at(2), at(3), at(4), at(5),
                       at(6), at(7), at(8), at(9), at(10)};
  const std::size_t pixels = node.op == Op::convolution_back ? at(3) * at(4) : at(0) * at(1);
  step->images = number(node.inputs[0]->rows) / pixels;
  const bool back = node.op == Op::convolution_back;
  const Kernels<T>& kernel = kernels<T>();
  if (kernel.winograd_scratch != nullptr && saves_products(step->convolution, back))
    step->scratch_size = kernel.winograd_scratch(step->convolution, back);
}

template <class T>
void run_convolution(const Step<T>& s, const Kernels<T>& kernel, const T* a, const T* b,
                     const T* bias, T* scratch, T* out) {
  const ConvolutionShape& shape = s.convolution;
  if (scratch != nullptr && kernel.winograd != nullptr) {
    if (s.op == Op::convolution)
      kernel.winograd(shape, s.images, a, b, bias, out, scratch);
    else if (s.op == Op::convolution_back)
      kernel.winograd_back(shape, s.images, a, b, bias, out, scratch);
    else
      kernel.winograd_weights(shape, s.images, a, b, out, scratch);
    return;
  }
  if (s.op == Op::convolution)
    kernel.convolution(shape, s.images, a, shape.channels, b, bias, false, out, shape.out_channels);
  else if (s.op == Op::convolution_back)
    kernel.convolution_back(shape, s.images, a, shape.out_channels, b, bias, out, shape.channels);
  else
    kernel.convolution_weights(shape, s.images, a, shape.channels, b, shape.out_channels, out);
}

template <class T>
std::string convolution_name(const Step<T>& s) {
  const ConvolutionShape& c = s.convolution;
  const auto extents = [](std::size_t m, std::size_t n) {
    return std::to_string(m) + "x" + std::to_string(n);
  };
  return std::to_string(s.images) + " of " + extents(c.height, c.width) + ", " +
         extents(c.channels, c.out_channels) + " channels, kernel " +
         extents(c.kernel_height, c.kernel_width);
}

template <class T>
void run_repeated(const Step<T>& s, const Kernels<T>& kernel, const T* a, const T* b, T* out) {
  // Operands of a block: the repeated one is its one row.
  Operand spread[2] = {s.spread[0], s.spread[1]};
  std::size_t stride[2] = {s.block * spread[0].row_stride, s.block * spread[1].row_stride};
  stride[s.repeated] = spread[s.repeated].row_stride;
  spread[s.repeated].row_stride = 0;
  const auto binary = kernel.binary[static_cast<int>(s.binary_op)];
  for (std::size_t row = 0; row < s.rows; row += s.block) {
    binary(s.block, s.columns, a, spread[0], b, spread[1], out);
    a += stride[0];
    b += stride[1];
    out += s.block * s.columns;
  }
}

template <class T>
void run_row_blocks(const Step<T>& s, const Kernels<T>& kernel, const T* a, T* out) {
  const std::size_t block = number(s.index[0]), columns = s.columns;
  if (s.op == Op::sum_row_blocks)
    for (std::size_t row = 0; row < s.rows; ++row)
      kernel.sum_rows(block, columns, a + row * block * columns, out + row * columns);
  else
    for (std::size_t row = 0; row < s.inner_rows; ++row)
      kernel.broadcast(block, columns, a + row * columns, {0, 1}, out + row * block * columns);
}

std::size_t batched_matmul_scratch(const Node& node) {
  if (static_cast<Turned>(node.index[1]) != Turned::right) return 0;
  const Node& right = *node.inputs[1];
  return number(right.rows / node.index[0]) * number(right.columns);
}

template <class T>
void run_batched_matmul(const Step<T>& s, const Kernels<T>& kernel, const T* a, const T* b,
                        T* scratch, T* out) {
  const std::size_t batches = number(s.index[0]), m = s.rows / batches, n = s.columns;
  const std::size_t a_rows = s.inner_rows / batches, a_columns = s.inner_columns;
  const Turned turned = static_cast<Turned>(s.index[1]);
  const std::size_t k = turned == Turned::left ? a_rows : a_columns;
  for (std::size_t batch = 0; batch < batches; ++batch, a += m * k, b += k * n, out += m * n) {
    const T* right = b;
    if (turned == Turned::right) {
      kernel.transpose(n, k, b, scratch);
      right = scratch;
    }
    const bool left = turned == Turned::left;
    kernel.matmul(m, n, k, a, left ? 1 : a_columns, left ? a_columns : 1, right, nullptr, out);
  }
}

template <class T>
void set_runs(const Node& node, Step<T>* step) {
  constexpr std::size_t shortest = 4;  // numbers of a run, on average
  const std::vector<int>& index = node.index;
  std::vector<int> runs;
  for (std::size_t j = 0; j < index.size(); ++j) {
    const int at = static_cast<int>(j);
    if (j > 0 && index[j] == index[j - 1] + 1) {
      ++runs.back();
    } else if (node.op == Op::gather) {
      runs.insert(runs.end(), {index[j], at, 1});
    } else {
      runs.insert(runs.end(), {at, index[j], 1});
    }
  }
  if (runs.size() / 3 * shortest <= index.size()) step->runs = std::move(runs);
}

template <class T>
void gather_runs(const Step<T>& s, const T* a, T* out) {
  for (std::size_t row = 0; row < s.rows; ++row, a += s.inner_columns, out += s.columns)
    for (std::size_t r = 0; r < s.runs.size(); r += 3)
      std::memcpy(out + s.runs[r + 1], a + s.runs[r], number(s.runs[r + 2]) * sizeof(T));
}

template <class T>
void scatter_runs(const Step<T>& s, const T* a, T* out) {
  for (std::size_t row = 0; row < s.rows; ++row, a += s.inner_columns, out += s.columns) {
    std::fill_n(out, s.columns, T(0));
    for (std::size_t r = 0; r < s.runs.size(); r += 3) {
      const T* from = a + s.runs[r];
      T* to = out + s.runs[r + 1];
      const std::size_t length = number(s.runs[r + 2]);
      for (std::size_t i = 0; i < length; ++i) to[i] += from[i];
    }
  }
}

#define PUSHFORWARD_BLOCK_STEPS(T)                                                                 \
  template void set_convolution(const Node&, Step<T>*);                                            \
  template void run_convolution(const Step<T>&, const Kernels<T>&, const T*, const T*, const T*,   \
                                T*, T*);                                                           \
  template std::string convolution_name(const Step<T>&);                                           \
  template void run_repeated(const Step<T>&, const Kernels<T>&, const T*, const T*, T*);           \
  template void run_row_blocks(const Step<T>&, const Kernels<T>&, const T*, T*);                   \
  template void run_batched_matmul(const Step<T>&, const Kernels<T>&, const T*, const T*, T*, T*); \
  template void set_runs(const Node&, Step<T>*);                                                   \
  template void gather_runs(const Step<T>&, const T*, T*);                                         \
  template void scatter_runs(const Step<T>&, const T*, T*);
PUSHFORWARD_BLOCK_STEPS(float)
PUSHFORWARD_BLOCK_STEPS(double)
#undef PUSHFORWARD_BLOCK_STEPS

}  // namespace pushforward
