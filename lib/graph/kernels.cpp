#include "graph/kernels/kernels.hpp"

#include "base/instruction_set.hpp"

namespace pushforward {
namespace {

template <class T>
Kernels<T> make_table() {
  Kernels<T> table{};
  switch (instruction_set()) {
    case InstructionSet::avx512:
      avx512::add_elementwise_kernels(&table);
      avx512::add_matmul_kernels(&table);
      avx512::add_reduce_kernels(&table);
      avx512::add_autoregressive_kernels(&table);
      avx512::add_convolution_kernels(&table);
      avx512::add_convolution_weights_kernels(&table);
      avx512::add_spline_kernels(&table);
      avx512::add_winograd_kernels(&table);
      return table;
    case InstructionSet::avx2:
      avx2::add_elementwise_kernels(&table);
      avx2::add_matmul_kernels(&table);
      avx2::add_reduce_kernels(&table);
      avx2::add_autoregressive_kernels(&table);
      avx2::add_convolution_kernels(&table);
      avx2::add_convolution_weights_kernels(&table);
      avx2::add_spline_kernels(&table);
      avx2::add_winograd_kernels(&table);
      return table;
    case InstructionSet::baseline:
      break;
  }
  baseline::add_elementwise_kernels(&table);
  baseline::add_matmul_kernels(&table);
  baseline::add_reduce_kernels(&table);
  baseline::add_autoregressive_kernels(&table);
  baseline::add_convolution_kernels(&table);
  baseline::add_convolution_weights_kernels(&table);
  baseline::add_spline_kernels(&table);
  baseline::add_winograd_kernels(&table);
  return table;
}

}  // namespace

template <>
const Kernels<float>& kernels<float>() {
  static const Kernels<float> table = make_table<float>();
  return table;
}
template <>
const Kernels<double>& kernels<double>() {
  static const Kernels<double> table = make_table<double>();
  return table;
}

}  // namespace pushforward
