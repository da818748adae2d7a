#include "eval/autocovariance.hpp"

#include <cmath>
#include <complex>
#include <numeric>
#include <utility>
#include <vector>

#include "base/constants.hpp"

namespace pushforward {
namespace {

// The discrete Fourier transform in place, exp(-2 pi i j k / n); n is a power of two (Cooley and
// Tukey 1965). `roots` holds exp(-2 pi i k / n) for k < n / 2.
void transform(std::vector<std::complex<double>>* values,
               const std::vector<std::complex<double>>& roots) {
  std::vector<std::complex<double>>& a = *values;
  const std::size_t n = a.size();
  for (std::size_t i = 1, reversed = 0; i < n; ++i) {
    std::size_t bit = n / 2;
    for (; (reversed & bit) != 0; bit /= 2) reversed ^= bit;
    reversed ^= bit;
    if (i < reversed) std::swap(a[i], a[reversed]);
  }
  for (std::size_t half = 1; half < n; half *= 2) {
    const std::size_t stride = n / (2 * half);
    for (std::size_t begin = 0; begin < n; begin += 2 * half) {
      for (std::size_t k = 0; k < half; ++k) {
        // Written out: operator* of std::complex looks for infinities, which are excluded here.
        const std::complex<double> w = roots[k * stride], b = a[begin + k + half];
        const std::complex<double> turned(w.real() * b.real() - w.imag() * b.imag(),
                                          w.real() * b.imag() + w.imag() * b.real());
        a[begin + k + half] = a[begin + k] - turned;
        a[begin + k] += turned;
      }
    }
  }
}

}  // namespace

Vector<double> autocovariance(const double* x, std::size_t n) {
  std::size_t length = 1;
  while (length < 2 * n) length *= 2;  // enough zeros that no lag wraps around
  std::vector<std::complex<double>> roots(length / 2);
  for (std::size_t k = 0; k < roots.size(); ++k)
    roots[k] = std::polar(1.0, -2 * pi * static_cast<double>(k) / static_cast<double>(length));

  const double count = static_cast<double>(n);
  const double mean = std::accumulate(x, x + n, 0.0) / count;
  std::vector<std::complex<double>> values(length);
  for (std::size_t i = 0; i < n; ++i) values[i] = x[i] - mean;
  transform(&values, roots);
  // The power spectrum is real and even, so transforming it forwards or backwards is the same.
  for (std::complex<double>& value : values) value = std::norm(value);
  transform(&values, roots);
  Vector<double> covariance = Vector<double>::from_shape({n});
  for (std::size_t t = 0; t < n; ++t)
    covariance(t) = values[t].real() / (static_cast<double>(length) * count);
  return covariance;
}

}  // namespace pushforward
