#include "sample/start_correlation.hpp"

#include <algorithm>
#include <cmath>

namespace pushforward {

template <class T>
void StartCorrelation::add(const std::vector<T>& start, const std::vector<T>& end) {
  const std::size_t dimension = sums_.size();
  for (std::size_t i = 0; i < start.size(); ++i) {
    Sums& s = sums_[i % dimension];
    double a = static_cast<double>(start[i]), b = static_cast<double>(end[i]);
    if (chains_ == 0 && i < dimension) {
      s.first_start = a;
      s.first_end = b;
    }
    a -= s.first_start;
    b -= s.first_end;
    s.start += a;
    s.end += b;
    s.start_start += a * a;
    s.start_end += a * b;
    s.end_end += b * b;
  }
  chains_ += start.size() / dimension;
}

StartCorrelation::Worst StartCorrelation::worst() const {
  Worst worst;
  const double n = static_cast<double>(chains_);
  for (std::size_t j = 0; j < sums_.size(); ++j) {
    const Sums& s = sums_[j];
    const double spread =
        std::sqrt((s.start_start - s.start * s.start / n) * (s.end_end - s.end * s.end / n));
    const double correlation = (s.start_end - s.start * s.end / n) / spread;
    if (std::isfinite(correlation) && std::abs(correlation) > std::abs(worst.correlation))
      worst = {j, correlation};
  }
  return worst;
}

double StartCorrelation::noticeable() const {
  return std::max(0.2, 6 / std::sqrt(static_cast<double>(chains_)));
}

template void StartCorrelation::add(const std::vector<float>&, const std::vector<float>&);
template void StartCorrelation::add(const std::vector<double>&, const std::vector<double>&);

}  // namespace pushforward
