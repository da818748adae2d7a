// The loops of an optimizer step, one copy per instruction set.
#pragma once

#include <cstddef>

namespace pushforward {

// Adam (Kingma, Ba 2015) with an L2 penalty in the gradient, decoupled weight decay and a running
// average of the parameters.
template <class T>
struct AdamStep {
  T gradient_scale;  // 1 / batch, times the clipping factor
  T l2;              // l2 * parameter is added to the scaled gradient
  T rate;
  T beta1, beta2, epsilon;
  T correction1, correction2;  // 1 / (1 - beta^t)
  T decay;                     // weight decay
  T ema;                       // decay of the average
};

template <class T>
struct OptimizerKernels {
  void (*adam)(std::size_t n, const AdamStep<T>& step, const T* gradient, T* parameters, T* first,
               T* second, T* average);  // average may be null
  void (*add)(std::size_t n, const T* from, T* into);
  // Sum of squares in double, 16 interleaved partial sums; the order depends on n alone.
  double (*sum_of_squares)(std::size_t n, const T* x);
};

template <class T>
[[nodiscard]] const OptimizerKernels<T>& optimizer_kernels();

#define PUSHFORWARD_OPTIMIZER_KERNELS(set)                \
  namespace set {                                         \
  extern const OptimizerKernels<float> optimizer_float;   \
  extern const OptimizerKernels<double> optimizer_double; \
  }
PUSHFORWARD_OPTIMIZER_KERNELS(baseline)
PUSHFORWARD_OPTIMIZER_KERNELS(avx2)
PUSHFORWARD_OPTIMIZER_KERNELS(avx512)
#undef PUSHFORWARD_OPTIMIZER_KERNELS

}  // namespace pushforward
