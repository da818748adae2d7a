// The inner loop of mmd_squared, one copy per instruction set.
#pragma once

#include <cstddef>

namespace pushforward {

// One term exp(-rate d2) of a Gaussian kernel, d2 a squared distance.
struct KernelTerm {
  double rate;
  bool fourth_power;  // it is the fourth power of the term before: the rate is four times as large
};

// sum over j and over terms of exp(-rate d2_j), with d2_j = max(0, norm_x + norm_y[j] - 2
// products[j]) the squared distance of x from row j. The order of summation depends on `count`
// alone.
using KernelSum = double (*)(std::size_t count, const double* products, double norm_x,
                             const double* norm_y, const KernelTerm* terms, std::size_t term_count);

namespace baseline {
extern const KernelSum kernel_sum;
}
namespace avx2 {
extern const KernelSum kernel_sum;
}
namespace avx512 {
extern const KernelSum kernel_sum;
}

}  // namespace pushforward
