#include "nn/kernels/optimizer.hpp"

#include "base/kernels/simd.hpp"

namespace pushforward {
namespace PUSHFORWARD_ISA {
namespace {

template <class T>
PUSHFORWARD_INLINE T root(T x) {
  return sizeof(T) == 4 ? static_cast<T>(__builtin_sqrtf(static_cast<float>(x)))
                        : static_cast<T>(__builtin_sqrt(static_cast<double>(x)));
}

template <class T>
void adam(std::size_t n, const AdamStep<T>& step, const T* __restrict gradient,
          T* __restrict parameters, T* __restrict first, T* __restrict second,
          T* __restrict average) {
  const AdamStep<T> s = step;
  for (std::size_t i = 0; i < n; ++i) {
    const T p = parameters[i];
    const T g = gradient[i] * s.gradient_scale + s.l2 * p;
    const T m = s.beta1 * first[i] + (T(1) - s.beta1) * g;
    const T v = s.beta2 * second[i] + (T(1) - s.beta2) * (g * g);
    first[i] = m;
    second[i] = v;
    parameters[i] =
        p - s.rate * ((m * s.correction1) / (root(v * s.correction2) + s.epsilon) + s.decay * p);
  }
  if (average != nullptr)
    for (std::size_t i = 0; i < n; ++i)
      average[i] = s.ema * average[i] + (T(1) - s.ema) * parameters[i];
}

template <class T>
void add(std::size_t n, const T* __restrict from, T* __restrict into) {
  for (std::size_t i = 0; i < n; ++i) into[i] += from[i];
}

template <class T>
double sum_of_squares(std::size_t n, const T* x) {
  double part[16] = {};
  std::size_t i = 0;
  for (; i + 16 <= n; i += 16)
    for (std::size_t k = 0; k < 16; ++k)
      part[k] += static_cast<double>(x[i + k]) * static_cast<double>(x[i + k]);
  for (std::size_t k = 0; i < n; ++i, ++k)
    part[k] += static_cast<double>(x[i]) * static_cast<double>(x[i]);
  for (std::size_t distance = 8; distance > 0; distance /= 2)
    for (std::size_t k = 0; k < distance; ++k) part[k] += part[k + distance];
  return part[0];
}

}  // namespace

extern const OptimizerKernels<float> optimizer_float;
extern const OptimizerKernels<double> optimizer_double;
const OptimizerKernels<float> optimizer_float = {adam<float>, add<float>, sum_of_squares<float>};
const OptimizerKernels<double> optimizer_double = {adam<double>, add<double>,
                                                   sum_of_squares<double>};

}  // namespace PUSHFORWARD_ISA
}  // namespace pushforward
