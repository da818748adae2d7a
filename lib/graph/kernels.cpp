#include "graph/kernels/kernels.hpp"

#include "base/instruction_set.hpp"

namespace pushforward {
namespace {

template <class T>
Kernels<T> make_table() {
#define PUSHFORWARD_FILL(set)                     \
  [](Kernels<T>* filled) {                        \
    set::add_elementwise_kernels(filled);         \
    set::add_matmul_kernels(filled);              \
    set::add_reduce_kernels(filled);              \
    set::add_autoregressive_kernels(filled);      \
    set::add_convolution_kernels(filled);         \
    set::add_convolution_weights_kernels(filled); \
    set::add_spline_kernels(filled);              \
    set::add_winograd_kernels(filled);            \
  }
  using Fill = void (*)(Kernels<T>*);
  Kernels<T> table{};
  for_instruction_set<Fill>(PUSHFORWARD_FILL(baseline), PUSHFORWARD_FILL(avx2),
                            PUSHFORWARD_FILL(avx512))(&table);
  return table;
#undef PUSHFORWARD_FILL
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
