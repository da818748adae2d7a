// Mean and deviation of any finite numbers.
#pragma once

#include <cmath>
#include <cstdint>
#include <vector>

namespace pushforward {

// Of numbers that come in blocks. Sums are of long double, which on x86-64 holds the square of
// every double, be it 1e-200 or 1e300, and every 64-bit integer.
class Moments {
 public:
  template <class T>
  void add(const std::vector<T>& block) {
    if (block.empty()) return;
    const auto n = static_cast<long double>(block.size());
    long double sum = 0, squares = 0;
    for (const T value : block) sum += static_cast<long double>(value);
    const long double mean = sum / n;
    for (const T value : block) {
      const long double distance = static_cast<long double>(value) - mean;
      squares += distance * distance;
    }
    // The pairwise update of Chan, Golub and LeVeque (1979).
    const auto before = static_cast<long double>(count_);
    const long double step = mean - mean_;
    mean_ += step * (n / (before + n));
    squares_ += squares + step * step * (before * n / (before + n));
    count_ += block.size();
  }

  [[nodiscard]] std::uint64_t count() const { return count_; }
  [[nodiscard]] double mean() const { return static_cast<double>(mean_); }
  // Square root of the sum of squared deviations over `divisor`: count(), or one less.
  [[nodiscard]] double deviation(std::uint64_t divisor) const {
    return static_cast<double>(std::sqrt(squares_ / static_cast<long double>(divisor)));
  }

 private:
  std::uint64_t count_ = 0;
  long double mean_ = 0, squares_ = 0;  // squares: of deviations from the mean
};

}  // namespace pushforward
