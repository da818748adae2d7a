// The logarithm of the gamma function and its first two derivatives on vector registers, for
// graph/kernels/elementwise.cpp. A small argument is raised by whole steps with
// Gamma(x + 1) = x Gamma(x), then Stirling's series takes over. Defined for x >= 0; NaN below.
// Accuracy, tested: below 32 units in the last place of the largest of 1, x and the value.
#pragma once

#include "base/kernels/simd.hpp"

namespace pushforward {
namespace PUSHFORWARD_ISA {
namespace {

// From here on the series has the digits of T.
template <class T>
constexpr int gamma_steps = sizeof(T) == 4 ? 4 : 8;

template <class T>
PUSHFORWARD_INLINE Vector<T> where_not_negative(Vector<T> x, Vector<T> y) {
  return choose<T>(x >= T(0), y, spread<T>(static_cast<T>(__builtin_nan(""))));
}

template <class T>
PUSHFORWARD_INLINE Vector<T> log_gamma(Vector<T> x) {
  const Vector<T> one = spread<T>(T(1));
  Vector<T> product = one, z = x;
  for (int k = 0; k < gamma_steps<T>; ++k) {
    const Integers<T> low = z < T(gamma_steps<T>);
    product = product * choose<T>(low, z, one);
    z = z + choose<T>(low, one, Vector<T>{});
  }
  const Vector<T> r = T(1) / z;
  const Vector<T> series = r * horner<T>(r * r, T(-3617.0 / 122400), 1.0 / 156, -691.0 / 360360,
                                         1.0 / 1188, -1.0 / 1680, 1.0 / 1260, -1.0 / 360, 1.0 / 12);
  // log(2 pi) / 2 - 1 / 2
  const Vector<T> stirling =
      (z - T(0.5)) * (logarithm<T>(z) - T(1)) + T(0.41893853320467274178) + series;
  return where_not_negative<T>(x, stirling - logarithm<T>(product));
}

template <class T>
PUSHFORWARD_INLINE Vector<T> digamma(Vector<T> x) {
  const Integers<T> low = x < T(gamma_steps<T>);
  Vector<T> sum{};
  for (int k = 0; k < gamma_steps<T>; ++k) sum = sum + T(1) / (x + T(k));
  const Vector<T> z = choose<T>(low, x + T(gamma_steps<T>), x);
  const Vector<T> r = T(1) / z, s = r * r;
  const Vector<T> series = s * horner<T>(s, T(-3617.0 / 8160), 1.0 / 12, -691.0 / 32760, 1.0 / 132,
                                         -1.0 / 240, 1.0 / 252, -1.0 / 120, 1.0 / 12);
  const Vector<T> value = logarithm<T>(z) - T(0.5) * r - series;
  return where_not_negative<T>(x, value - choose<T>(low, sum, Vector<T>{}));
}

template <class T>
PUSHFORWARD_INLINE Vector<T> trigamma(Vector<T> x) {
  const Integers<T> low = x < T(gamma_steps<T>);
  Vector<T> sum{};
  for (int k = 0; k < gamma_steps<T>; ++k) {
    const Vector<T> part = T(1) / (x + T(k));
    sum = sum + part * part;
  }
  const Vector<T> z = choose<T>(low, x + T(gamma_steps<T>), x);
  const Vector<T> r = T(1) / z, s = r * r;
  const Vector<T> series = r * s *
                           horner<T>(s, T(43867.0 / 798), -3617.0 / 510, 7.0 / 6, -691.0 / 2730,
                                     5.0 / 66, -1.0 / 30, 1.0 / 42, -1.0 / 30, 1.0 / 6);
  const Vector<T> value = r + T(0.5) * s + series;
  return where_not_negative<T>(x, value + choose<T>(low, sum, Vector<T>{}));
}

}  // namespace
}  // namespace PUSHFORWARD_ISA
}  // namespace pushforward
