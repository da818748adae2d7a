#include "eval/kernels/kernel_sum.hpp"

#include "base/kernels/simd.hpp"

namespace pushforward {
namespace PUSHFORWARD_ISA {
namespace {

constexpr std::size_t parts = 8;  // partial sums, the same on every instruction set
constexpr std::size_t vectors = parts / width<double>;

PUSHFORWARD_INLINE void add_terms(const double* products, double norm_x, const double* norm_y,
                                  const KernelTerm* terms, std::size_t term_count,
                                  Vector<double>* sums) {
  for (std::size_t v = 0; v < vectors; ++v) {
    const std::size_t at = v * width<double>;
    const Vector<double> d2 = maximum<double>(
        0.0, (norm_x + load<double>(norm_y + at)) - 2.0 * load<double>(products + at));
    Vector<double> term{};
    for (std::size_t k = 0; k < term_count; ++k) {
      if (terms[k].fourth_power) {
        term = term * term;
        term = term * term;
      } else {
        term = exponential<double>(d2 * -terms[k].rate);
      }
      sums[v] = sums[v] + term;
    }
  }
}

double sum(std::size_t count, const double* products, double norm_x, const double* norm_y,
           const KernelTerm* terms, std::size_t term_count) {
  Vector<double> sums[vectors] = {};
  std::size_t j = 0;
  for (; j + parts <= count; j += parts)
    add_terms(products + j, norm_x, norm_y + j, terms, term_count, sums);
  if (j < count) {
    double last_products[parts] = {}, last_norms[parts];
    for (std::size_t k = 0; k < parts; ++k) {
      const bool inside = j + k < count;
      last_products[k] = inside ? products[j + k] : 0.0;
      last_norms[k] = inside ? norm_y[j + k] : 1e308;  // so far that every term is 0
    }
    Vector<double> rest[vectors] = {};
    add_terms(last_products, norm_x, last_norms, terms, term_count, rest);
    for (std::size_t v = 0; v < vectors; ++v) sums[v] = sums[v] + rest[v];
  }
  double part[parts];
  for (std::size_t v = 0; v < vectors; ++v) store<double>(part + v * width<double>, sums[v]);
  for (std::size_t distance = parts / 2; distance > 0; distance /= 2)
    for (std::size_t k = 0; k < distance; ++k) part[k] += part[k + distance];
  return part[0];
}

}  // namespace

extern const KernelSum kernel_sum;
const KernelSum kernel_sum = sum;

}  // namespace PUSHFORWARD_ISA
}  // namespace pushforward
