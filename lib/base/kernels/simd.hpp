// Vector arithmetic for kernel files: one register of the instruction set the file is compiled for.
//
// Included by kernel files only, outside any namespace. Everything here has internal linkage in the
// namespace named after the instruction set, so that a linker cannot pick AVX-512 code for a
// processor without it. The elementary functions follow the Cephes Mathematical Library (S. L.
// Moshier). The polynomials are the same on every set: sets with fused multiply-add give the same
// bits.
// Accuracy, tested: below 2 units in the last place for exp, log, tanh and sigmoid; sine and cosine
// are meant for |x| < 8192 in float, 1e6 in double.
#pragma once

#include <immintrin.h>

#include <cstddef>
#include <cstdint>
#include <cstring>

#ifndef PUSHFORWARD_ISA
#error "a kernel file is compiled with PUSHFORWARD_ISA=baseline, avx2 or avx512"
#endif

namespace pushforward {
namespace PUSHFORWARD_ISA {
namespace {

#if defined(__AVX512F__)
constexpr std::size_t register_bytes = 64;
#elif defined(__AVX2__)
constexpr std::size_t register_bytes = 32;
#else
constexpr std::size_t register_bytes = 16;
#endif

template <class T>
struct Types;
template <>
struct Types<float> {
  typedef float Vector __attribute__((vector_size(register_bytes)));
  typedef std::int32_t Integers __attribute__((vector_size(register_bytes)));
  using Integer = std::int32_t;
};
template <>
struct Types<double> {
  typedef double Vector __attribute__((vector_size(register_bytes)));
  typedef std::int64_t Integers __attribute__((vector_size(register_bytes)));
  using Integer = std::int64_t;
};

template <class T>
using Vector = typename Types<T>::Vector;
template <class T>
using Integers = typename Types<T>::Integers;
template <class T>
constexpr std::size_t width = register_bytes / sizeof(T);

#define PUSHFORWARD_INLINE static inline __attribute__((always_inline))

template <class T>
PUSHFORWARD_INLINE Vector<T> load(const T* from) {
  Vector<T> v;
  std::memcpy(&v, from, sizeof v);
  return v;
}
template <class T>
PUSHFORWARD_INLINE void store(T* to, Vector<T> v) {
  std::memcpy(to, &v, sizeof v);
}
template <class T>
PUSHFORWARD_INLINE Vector<T> spread(T value) {
  return value - Vector<T>{};  // not value + 0: that would turn -0 into 0
}
template <class T>
PUSHFORWARD_INLINE Integers<T> bits_of(Vector<T> v) {
  return reinterpret_cast<Integers<T>>(v);
}
template <class T>
PUSHFORWARD_INLINE Vector<T> from_bits(Integers<T> v) {
  return reinterpret_cast<Vector<T>>(v);
}
// mask is all ones or all zeros per element, as comparisons give it.
template <class T>
PUSHFORWARD_INLINE Vector<T> choose(Integers<T> mask, Vector<T> yes, Vector<T> no) {
  return from_bits<T>((mask & bits_of<T>(yes)) | (~mask & bits_of<T>(no)));
}
// The processor's minimum and maximum return the second operand if either is NaN: a NaN in b stays.
#if defined(__AVX512F__)
#define PUSHFORWARD_REGISTER_FUNCTION(name, operation)                                        \
  PUSHFORWARD_INLINE Vector<float> name(Vector<float> a, Vector<float> b) {                   \
    return reinterpret_cast<Vector<float>>(                                                   \
        _mm512_##operation##_ps(reinterpret_cast<__m512>(a), reinterpret_cast<__m512>(b)));   \
  }                                                                                           \
  PUSHFORWARD_INLINE Vector<double> name(Vector<double> a, Vector<double> b) {                \
    return reinterpret_cast<Vector<double>>(                                                  \
        _mm512_##operation##_pd(reinterpret_cast<__m512d>(a), reinterpret_cast<__m512d>(b))); \
  }
#elif defined(__AVX2__)
#define PUSHFORWARD_REGISTER_FUNCTION(name, operation)                                        \
  PUSHFORWARD_INLINE Vector<float> name(Vector<float> a, Vector<float> b) {                   \
    return reinterpret_cast<Vector<float>>(                                                   \
        _mm256_##operation##_ps(reinterpret_cast<__m256>(a), reinterpret_cast<__m256>(b)));   \
  }                                                                                           \
  PUSHFORWARD_INLINE Vector<double> name(Vector<double> a, Vector<double> b) {                \
    return reinterpret_cast<Vector<double>>(                                                  \
        _mm256_##operation##_pd(reinterpret_cast<__m256d>(a), reinterpret_cast<__m256d>(b))); \
  }
#else
#define PUSHFORWARD_REGISTER_FUNCTION(name, operation)                                     \
  PUSHFORWARD_INLINE Vector<float> name(Vector<float> a, Vector<float> b) {                \
    return reinterpret_cast<Vector<float>>(                                                \
        _mm_##operation##_ps(reinterpret_cast<__m128>(a), reinterpret_cast<__m128>(b)));   \
  }                                                                                        \
  PUSHFORWARD_INLINE Vector<double> name(Vector<double> a, Vector<double> b) {             \
    return reinterpret_cast<Vector<double>>(                                               \
        _mm_##operation##_pd(reinterpret_cast<__m128d>(a), reinterpret_cast<__m128d>(b))); \
  }
#endif
PUSHFORWARD_REGISTER_FUNCTION(maximum_of, max)
PUSHFORWARD_REGISTER_FUNCTION(minimum_of, min)
#undef PUSHFORWARD_REGISTER_FUNCTION

template <class T>
PUSHFORWARD_INLINE Vector<T> maximum(T bound, Vector<T> x) {
  return maximum_of(spread<T>(bound), x);
}
template <class T>
PUSHFORWARD_INLINE Vector<T> minimum(T bound, Vector<T> x) {
  return minimum_of(spread<T>(bound), x);
}

PUSHFORWARD_INLINE Integers<float> sign_bit(float) { return Integers<float>{} + INT32_MIN; }
PUSHFORWARD_INLINE Integers<double> sign_bit(double) { return Integers<double>{} + INT64_MIN; }

template <class T>
PUSHFORWARD_INLINE Vector<T> absolute(Vector<T> x) {
  return from_bits<T>(bits_of<T>(x) & ~sign_bit(T{}));
}
template <class T>
PUSHFORWARD_INLINE Vector<T> copy_sign(Vector<T> size, Vector<T> sign) {
  return from_bits<T>(bits_of<T>(size) | (bits_of<T>(sign) & sign_bit(T{})));
}

PUSHFORWARD_INLINE float root_of(float x) { return __builtin_sqrtf(x); }
PUSHFORWARD_INLINE double root_of(double x) { return __builtin_sqrt(x); }
template <class T>
PUSHFORWARD_INLINE Vector<T> square_root(Vector<T> x) {
  Vector<T> y{};
  for (std::size_t i = 0; i < width<T>; ++i) y[i] = root_of(x[i]);
  return y;
}

// Adding and subtracting this rounds to the nearest integer, for |x| < 2^22 (float), 2^51 (double).
PUSHFORWARD_INLINE float rounding_constant(float) { return 12582912.0f; }
PUSHFORWARD_INLINE double rounding_constant(double) { return 6755399441055744.0; }

// Horner's rule, highest coefficient first.
template <class T, class... Rest>
PUSHFORWARD_INLINE Vector<T> horner(Vector<T> x, T first, Rest... rest) {
  Vector<T> y = spread<T>(first);
  ((y = y * x + static_cast<T>(rest)), ...);
  return y;
}

// 2^n for whole n in [-126, 127] ([-1022, 1023] in double), n given as rounding_constant + n.
PUSHFORWARD_INLINE Vector<float> power_of_two(Vector<float> n) {
  return from_bits<float>((__builtin_convertvector(n, Integers<float>) + 127) << 23);
}
PUSHFORWARD_INLINE Vector<double> power_of_two(Vector<double> n) {
  // The integer is read off the low bits: double-to-int64 conversion needs AVX-512.
  const Integers<double> i =
      bits_of<double>(n + 6755399441055744.0) - bits_of<double>(spread<double>(6755399441055744.0));
  return from_bits<double>((i + 1023) << 52);
}

PUSHFORWARD_INLINE Vector<float> exp_core(Vector<float> r) {
  const Vector<float> p = horner<float>(r, 1.9875691500E-4f, 1.3981999507E-3f, 8.3334519073E-3f,
                                        4.1665795894E-2f, 1.6666665459E-1f, 5.0000001201E-1f);
  return p * (r * r) + r + 1.0f;
}
PUSHFORWARD_INLINE Vector<double> exp_core(Vector<double> r) {
  const Vector<double> rr = r * r;
  const Vector<double> p = r * horner<double>(rr, 1.26177193074810590878E-4,
                                              3.02994407707441961300E-2, 9.99999999999999999910E-1);
  const Vector<double> q = horner<double>(rr, 3.00198505138664455042E-6, 2.52448340349684104192E-3,
                                          2.27265548208155028766E-1, 2.00000000000000000009E0);
  const Vector<double> y = p / (q - p);
  return 1.0 + 2.0 * y;
}

// exp(x) = 2^n exp(r), |r| <= ln(2)/2; n is whole.
template <class T>
PUSHFORWARD_INLINE Vector<T> exp_reduced(Vector<T> x, Vector<T>* n) {
  const bool single = sizeof(T) == 4;
  const T magic = rounding_constant(T{});
  *n = (x * T(1.44269504088896340736) + magic) - magic;
  const T c1 = single ? T(0.693359375) : T(6.93145751953125E-1);
  const T c2 = single ? T(-2.12194440e-4) : T(1.42860682030941723212E-6);
  return exp_core((x - *n * c1) - *n * c2);
}

template <class T>
PUSHFORWARD_INLINE Vector<T> exponential(Vector<T> x) {
  const bool single = sizeof(T) == 4;
  x = minimum<T>(single ? T(89) : T(710), maximum<T>(single ? T(-104) : T(-746), x));
  Vector<T> n;
  const Vector<T> y = exp_reduced<T>(x, &n);
  // Two factors, so that results near overflow and in the subnormal range are right.
  const T magic = rounding_constant(T{});
  const Vector<T> n1 = (n * T(0.5) + magic) - magic;
  return y * power_of_two(n1) * power_of_two(n - n1);
}

// exp(x), clamped to the range of normal numbers ([1e-38, 1e38] in float).
template <class T>
PUSHFORWARD_INLINE Vector<T> exponential_normal(Vector<T> x) {
  const bool single = sizeof(T) == 4;
  x = minimum<T>(single ? T(87.5) : T(708.5), maximum<T>(single ? T(-87) : T(-708), x));
  Vector<T> n;
  const Vector<T> y = exp_reduced<T>(x, &n);
  return y * power_of_two(n);
}

PUSHFORWARD_INLINE Vector<float> log_core(Vector<float> x, Vector<float> e) {
  const Vector<float> z = x * x;
  Vector<float> y = x * z *
                    horner<float>(x, 7.0376836292E-2f, -1.1514610310E-1f, 1.1676998740E-1f,
                                  -1.2420140846E-1f, 1.4249322787E-1f, -1.6668057665E-1f,
                                  2.0000714765E-1f, -2.4999993993E-1f, 3.3333331174E-1f);
  y = y + e * -2.12194440e-4f;
  y = y - 0.5f * z;
  return (x + y) + e * 0.693359375f;
}
PUSHFORWARD_INLINE Vector<double> log_core(Vector<double> x, Vector<double> e) {
  const Vector<double> z = x * x;
  const Vector<double> p = horner<double>(x, 1.01875663804580931796E-4, 4.97494994976747001425E-1,
                                          4.70579119878881725854E0, 1.44989225341610930846E1,
                                          1.79368678507819816313E1, 7.70838733755885391666E0);
  const Vector<double> q =
      horner<double>(x, 1.0, 1.12873587189167450590E1, 4.52279145837532221105E1,
                     8.29875266912776603211E1, 7.11544750618563894466E1, 2.31251620126765340583E1);
  Vector<double> y = x * (z * p / q);
  y = y - e * 2.121944400546905827679e-4;
  y = y - 0.5 * z;
  return (x + y) + e * 0.693359375;
}

PUSHFORWARD_INLINE Vector<float> exponent_number(Integers<float> biased) {
  return __builtin_convertvector(biased, Vector<float>) - 126.0f;
}
PUSHFORWARD_INLINE Vector<double> exponent_number(Integers<double> biased) {
  return (from_bits<double>(biased + bits_of<double>(spread<double>(6755399441055744.0))) -
          6755399441055744.0) -
         1022.0;
}

template <class T>
PUSHFORWARD_INLINE Vector<T> logarithm(Vector<T> x) {
  using I = typename Types<T>::Integer;
  constexpr int mantissa = sizeof(T) == 4 ? 23 : 52;
  const T smallest = sizeof(T) == 4 ? T(1.17549435e-38) : T(2.2250738585072014e-308);
  const T lift = sizeof(T) == 4 ? T(16777216.0) : T(18014398509481984.0);  // 2^24, 2^54
  const Integers<T> tiny = x < smallest;
  const Vector<T> scaled = choose<T>(tiny, x * lift, x);
  const Integers<T> bits = bits_of<T>(scaled);
  const I exponent_mask = sizeof(T) == 4 ? I(0xff) : I(0x7ff);
  Vector<T> e = exponent_number((bits >> mantissa) & exponent_mask);
  e = e - choose<T>(tiny, spread<T>(sizeof(T) == 4 ? T(24) : T(54)), Vector<T>{});
  const I mantissa_mask = (I(1) << mantissa) - 1;
  Vector<T> m = from_bits<T>((bits & mantissa_mask) | bits_of<T>(spread<T>(T(0.5))));
  const Integers<T> low = m < T(0.70710678118654752440);
  e = e - choose<T>(low, spread<T>(T(1)), Vector<T>{});
  m = choose<T>(low, m + m, m) - T(1);
  Vector<T> y = log_core(m, e);
  const Vector<T> infinite = spread<T>(static_cast<T>(__builtin_inf()));
  y = choose<T>(x == infinite, infinite, y);
  y = choose<T>(x == T(0), -infinite, y);
  return choose<T>(x >= T(0), y, spread<T>(static_cast<T>(__builtin_nan(""))));
}

template <class T>
PUSHFORWARD_INLINE Vector<T> sigmoid(Vector<T> x) {
  const bool single = sizeof(T) == 4;
  // Below the clamp sigmoid(x) is exp(x), which is small enough to be taken as 0.
  return choose<T>(x < (single ? T(-87) : T(-708)), Vector<T>{},
                   T(1) / (T(1) + exponential_normal<T>(-x)));
}

PUSHFORWARD_INLINE Vector<float> tanh_small(Vector<float> x) {
  const Vector<float> z = x * x;
  return horner<float>(z, -5.70498872745E-3f, 2.06390887954E-2f, -5.37397155531E-2f,
                       1.33314422036E-1f, -3.33332819422E-1f) *
             z * x +
         x;
}
PUSHFORWARD_INLINE Vector<double> tanh_small(Vector<double> x) {
  const Vector<double> z = x * x;
  const Vector<double> p = horner<double>(z, -9.64399179425052238628E-1, -9.92877231001918586564E1,
                                          -1.61468768441708447952E3);
  const Vector<double> q = horner<double>(z, 1.0, 1.12811678491632931402E2,
                                          2.23548839060100448583E3, 4.84406305325125486048E3);
  return x + x * z * (p / q);
}

template <class T>
PUSHFORWARD_INLINE Vector<T> hyperbolic_tangent(Vector<T> x) {
  const Vector<T> size = absolute<T>(x);
  const Vector<T> big = T(1) - T(2) / (exponential_normal<T>(size + size) + T(1));
  return choose<T>(size < T(0.625), tanh_small(x), copy_sign<T>(big, x));
}

// log(1 + u) for u in [0, 1], without rounding 1 + u: it is written as 2^e (1 + m), where m keeps
// the digits of u.
template <class T>
PUSHFORWARD_INLINE Vector<T> log_one_plus(Vector<T> u) {
  const Integers<T> high = u > T(0.41421356237309504880);
  const Vector<T> m = choose<T>(high, T(0.5) * u - T(0.5), u);
  return log_core(m, choose<T>(high, spread<T>(T(1)), Vector<T>{}));
}

template <class T>
PUSHFORWARD_INLINE Vector<T> softplus(Vector<T> x) {
  return maximum<T>(T(0), x) + log_one_plus<T>(exponential<T>(-absolute<T>(x)));
}

PUSHFORWARD_INLINE void sine_core(Vector<float> r, Vector<float>* s, Vector<float>* c) {
  const Vector<float> z = r * r;
  *s = horner<float>(z, -1.9515295891E-4f, 8.3321608736E-3f, -1.6666654611E-1f) * z * r + r;
  *c = horner<float>(z, 2.443315711809948E-5f, -1.388731625493765E-3f, 4.166664568298827E-2f) *
           (z * z) -
       0.5f * z + 1.0f;
}
PUSHFORWARD_INLINE void sine_core(Vector<double> r, Vector<double>* s, Vector<double>* c) {
  const Vector<double> z = r * r;
  *s = horner<double>(z, 1.58962301576546568060E-10, -2.50507477628578072866E-8,
                      2.75573136213857245213E-6, -1.98412698295895385996E-4,
                      8.33333333332211858878E-3, -1.66666666666666307295E-1) *
           z * r +
       r;
  *c = horner<double>(z, -1.13585365213876817300E-11, 2.08757008419747316778E-9,
                      -2.75573141792967388112E-7, 2.48015872888517045348E-5,
                      -1.38888888888730564116E-3, 4.16666666666665929218E-2) *
           (z * z) -
       0.5 * z + 1.0;
}

// Argument reduction by the nearest multiple of pi/2, which is subtracted in three parts.
template <class T>
PUSHFORWARD_INLINE void sine_cosine(Vector<T> x, Vector<T>* sine, Vector<T>* cosine) {
  const bool single = sizeof(T) == 4;
  const T magic = rounding_constant(T{});
  const Vector<T> shifted = x * T(0.63661977236758134308) + magic;
  const Vector<T> n = shifted - magic;
  const Integers<T> quadrant = bits_of<T>(shifted);  // its two low bits
  const T p1 = single ? T(1.5703125) : T(1.57079625129699707031E0);
  const T p2 = single ? T(4.837512969970703125e-4) : T(7.54978941586159635336E-8);
  const T p3 = single ? T(7.54978995489188216e-8) : T(5.39030285815811905290E-15);
  const Vector<T> r = ((x - n * p1) - n * p2) - n * p3;
  Vector<T> s, c;
  sine_core(r, &s, &c);
  const Integers<T> odd = (quadrant & 1) != 0;
  const Vector<T> first = choose<T>(odd, c, s), second = choose<T>(odd, s, c);
  *sine = choose<T>((quadrant & 2) != 0, -first, first);
  *cosine = choose<T>(((quadrant + 1) & 2) != 0, -second, second);
}

}  // namespace
}  // namespace PUSHFORWARD_ISA
}  // namespace pushforward
