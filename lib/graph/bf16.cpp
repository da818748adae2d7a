#include "graph/bf16.hpp"

#include <cstdlib>
#include <cstring>
#include <vector>

namespace pushforward {
namespace {

// Buffers of a thread, as large as its largest operands.
const float* rounded(const float* x, std::size_t count, std::vector<float>* buffer) {
  if (buffer->size() < count) buffer->resize(count);
  for (std::size_t i = 0; i < count; ++i) (*buffer)[i] = rounded_to_bf16(x[i]);
  return buffer->data();
}

thread_local std::vector<float> left_buffer, right_buffer;

void rounded_matmul(std::size_t m, std::size_t n, std::size_t k, const float* a,
                    std::size_t row_stride, std::size_t inner_stride, const float* b,
                    const float* bias, float* out) {
  if (m > 2 && n > 2 && k > 2) {
    a = rounded(a, m * k, &left_buffer);  // contiguous, by rows or by columns
    b = rounded(b, k * n, &right_buffer);
  }
  kernels<float>().matmul(m, n, k, a, row_stride, inner_stride, b, bias, out);
}

void rounded_masked_matmul(std::size_t m, std::size_t n, std::size_t k, const float* a,
                           const float* b, const float* bias, std::size_t groups, const int* begin,
                           const int* end, float* out) {
  kernels<float>().masked_matmul(m, n, k, rounded(a, m * k, &left_buffer),
                                 rounded(b, k * n, &right_buffer), bias, groups, begin, end, out);
}

void rounded_masked_outer(std::size_t m, std::size_t n, std::size_t k, const float* a,
                          const float* b, std::size_t groups, const int* end, float* out) {
  kernels<float>().masked_outer(m, n, k, rounded(a, m * k, &left_buffer),
                                rounded(b, k * n, &right_buffer), groups, end, out);
}

// The numbers from the first to the last of rows that may be columns of a wider matrix.
const float* rounded_rows(const float* x, std::size_t rows, std::size_t columns, std::size_t stride,
                          std::vector<float>* buffer) {
  return rounded(x, (rows - 1) * stride + columns, buffer);
}

const float* rounded_weights(const ConvolutionShape& s, const float* weights) {
  return rounded(weights, s.kernel_height * s.kernel_width * s.channels * s.out_channels,
                 &right_buffer);
}

void rounded_convolution(const ConvolutionShape& s, std::size_t images, const float* in,
                         std::size_t in_stride, const float* weights, const float* bias, bool relu,
                         float* out, std::size_t out_stride) {
  in = rounded_rows(in, images * s.height * s.width, s.channels, in_stride, &left_buffer);
  kernels<float>().convolution(s, images, in, in_stride, rounded_weights(s, weights), bias, relu,
                               out, out_stride);
}

void rounded_convolution_back(const ConvolutionShape& s, std::size_t images, const float* adjoint,
                              std::size_t adjoint_stride, const float* weights, const float* bias,
                              float* out, std::size_t out_stride) {
  adjoint = rounded_rows(adjoint, images * s.out_height * s.out_width, s.out_channels,
                         adjoint_stride, &left_buffer);
  kernels<float>().convolution_back(s, images, adjoint, adjoint_stride, rounded_weights(s, weights),
                                    bias, out, out_stride);
}

void rounded_convolution_weights(const ConvolutionShape& s, std::size_t images, const float* in,
                                 std::size_t in_stride, const float* adjoint,
                                 std::size_t adjoint_stride, float* out) {
  in = rounded_rows(in, images * s.height * s.width, s.channels, in_stride, &left_buffer);
  adjoint = rounded_rows(adjoint, images * s.out_height * s.out_width, s.out_channels,
                         adjoint_stride, &right_buffer);
  kernels<float>().convolution_weights(s, images, in, in_stride, adjoint, adjoint_stride, out);
}

}  // namespace

Bf16Products bf16_products() {
  const char* const asked = std::getenv("PUSHFORWARD_BF16");
  if (asked != nullptr && std::strcmp(asked, "rounded") == 0) return Bf16Products::rounded;
  return onednn::function<onednn::HasAmx>("onednn_has_amx")() ? Bf16Products::amx
                                                              : Bf16Products::none;
}

const Kernels<float>& bf16_kernels(Bf16Products which) {
  static const Kernels<float> by_rounding = [] {
    Kernels<float> table = kernels<float>();
    table.matmul = rounded_matmul;
    table.masked_matmul = rounded_masked_matmul;
    table.masked_outer = rounded_masked_outer;
    table.convolution = rounded_convolution;
    table.convolution_back = rounded_convolution_back;
    table.convolution_weights = rounded_convolution_weights;
    table.winograd = nullptr;  // what it multiplies would be rounded once more
    return table;
  }();
  if (which == Bf16Products::rounded) return by_rounding;
  static const Kernels<float> by_amx = onednn_kernels(onednn::Operands::bf16);
  return by_amx;
}

Kernels<float> onednn_kernels(onednn::Operands operands) {
  Kernels<float> table = kernels<float>();
  onednn::function<onednn::SetProducts>("onednn_set_products")(operands, &table);
  return table;
}

}  // namespace pushforward
