// Mean and standard deviation of finite numbers.
#pragma once

#include <cmath>
#include <cstdint>
#include <vector>

namespace pushforward {

// Accumulates numbers block by block. Sums are in long double, which on x86-64 holds every 64-bit
// integer, and the square of every double without overflow or underflow.
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
  // sqrt(sum of squared deviations / divisor); the divisor is count() or count() - 1.
  [[nodiscard]] double deviation(std::uint64_t divisor) const {
    return static_cast<double>(std::sqrt(squares_ / static_cast<long double>(divisor)));
  }

 private:
  std::uint64_t count_ = 0;
  long double mean_ = 0, squares_ = 0;  // squares_: of deviations from mean_
};

}  // namespace pushforward
