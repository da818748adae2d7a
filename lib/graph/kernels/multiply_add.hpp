// a b + c rounded once, where the instruction set can; for kernel files.
//
// A plain a * b + c is left to the compiler, and GCC's tuning for some processors takes a product
// and an addition where a loop has one chain only: then a lone row would round otherwise than a row
// among others.
#pragma once

#include "base/kernels/simd.hpp"

namespace pushforward {
namespace PUSHFORWARD_ISA {
namespace {

#if defined(__AVX512F__)
PUSHFORWARD_INLINE Vector<float> multiply_add(Vector<float> a, Vector<float> b, Vector<float> c) {
  return reinterpret_cast<Vector<float>>(_mm512_fmadd_ps(
      reinterpret_cast<__m512>(a), reinterpret_cast<__m512>(b), reinterpret_cast<__m512>(c)));
}
PUSHFORWARD_INLINE Vector<double> multiply_add(Vector<double> a, Vector<double> b,
                                               Vector<double> c) {
  return reinterpret_cast<Vector<double>>(_mm512_fmadd_pd(
      reinterpret_cast<__m512d>(a), reinterpret_cast<__m512d>(b), reinterpret_cast<__m512d>(c)));
}
#elif defined(__AVX2__)
PUSHFORWARD_INLINE Vector<float> multiply_add(Vector<float> a, Vector<float> b, Vector<float> c) {
  return reinterpret_cast<Vector<float>>(_mm256_fmadd_ps(
      reinterpret_cast<__m256>(a), reinterpret_cast<__m256>(b), reinterpret_cast<__m256>(c)));
}
PUSHFORWARD_INLINE Vector<double> multiply_add(Vector<double> a, Vector<double> b,
                                               Vector<double> c) {
  return reinterpret_cast<Vector<double>>(_mm256_fmadd_pd(
      reinterpret_cast<__m256d>(a), reinterpret_cast<__m256d>(b), reinterpret_cast<__m256d>(c)));
}
#else
PUSHFORWARD_INLINE Vector<float> multiply_add(Vector<float> a, Vector<float> b, Vector<float> c) {
  return a * b + c;
}
PUSHFORWARD_INLINE Vector<double> multiply_add(Vector<double> a, Vector<double> b,
                                               Vector<double> c) {
  return a * b + c;
}
#endif

}  // namespace
}  // namespace PUSHFORWARD_ISA
}  // namespace pushforward
