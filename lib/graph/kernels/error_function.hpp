// The error function on vector registers, for graph/kernels/elementwise.cpp. Cephes' ndtr.c: one
// rational function up to 1, and 1 - exp(-x^2) times another beyond it. Accuracy, tested: below 3
// units in the last place.
#pragma once

#include "base/kernels/simd.hpp"

namespace pushforward {
namespace PUSHFORWARD_ISA {
namespace {

template <class T>
PUSHFORWARD_INLINE Vector<T> error_function_small(Vector<T> x) {
  const Vector<T> z = x * x;
  const Vector<T> p =
      horner<T>(z, T(9.60497373987051638749E0), 9.00260197203842689217E1, 2.23200534594684319226E3,
                7.00332514112805075473E3, 5.55923013010394962768E4);
  const Vector<T> q =
      horner<T>(z, T(1), 3.35617141647503099647E1, 5.21357949780152679795E2,
                4.59432382970980127987E3, 2.26290000613890934246E4, 4.92673942608635921086E4);
  return x * (p / q);
}

template <class T>
PUSHFORWARD_INLINE Vector<T> error_function(Vector<T> x) {
  const Vector<T> size = minimum<T>(T(6), absolute<T>(x));  // from 6 on it is 1 to the last place
  const Vector<T> p = horner<T>(
      size, T(2.46196981473530512524E-10), 5.64189564831068821977E-1, 7.46321056442269912687E0,
      4.86371970985681366614E1, 1.96520832956077098242E2, 5.26445194995477358631E2,
      9.34528527171957607540E2, 1.02755188689515710272E3, 5.57535335369399327526E2);
  const Vector<T> q =
      horner<T>(size, T(1), 1.32281951154744992508E1, 8.67072140885989742329E1,
                3.54937778887819891062E2, 9.75708501743205489753E2, 1.82390916687909736289E3,
                2.24633760818710981792E3, 1.65666309194161350182E3, 5.57535340817727675546E2);
  const Vector<T> rest = exponential_normal<T>(-(size * size)) * (p / q);
  return choose<T>(size < T(1), error_function_small<T>(x), copy_sign<T>(T(1) - rest, x));
}

}  // namespace
}  // namespace PUSHFORWARD_ISA
}  // namespace pushforward
