#include "sample/start_correlation.hpp"

#include <algorithm>
#include <cmath>
#include <xtensor/xmath.hpp>
#include <xtensor/xsort.hpp>
#include <xtensor/xview.hpp>

namespace pushforward {
namespace {

constexpr auto immediate = xt::evaluation_strategy::immediate;

}  // namespace

template <class T>
void StartCorrelation::add(const std::vector<T>& start, const std::vector<T>& end) {
  if (start.empty()) return;
  const std::size_t dimension = start_.size();
  Matrix<double> a = xt::cast<double>(as_rows(start, dimension));
  Matrix<double> b = xt::cast<double>(as_rows(end, dimension));
  if (chains_ == 0) {
    first_start_ = xt::row(a, 0);
    first_end_ = xt::row(b, 0);
  }
  a -= first_start_;
  b -= first_end_;
  start_ += xt::sum(a, {0}, immediate);
  end_ += xt::sum(b, {0}, immediate);
  start_start_ += xt::sum(a * a, {0}, immediate);
  start_end_ += xt::sum(a * b, {0}, immediate);
  end_end_ += xt::sum(b * b, {0}, immediate);
  chains_ += a.shape(0);
}

StartCorrelation::Worst StartCorrelation::worst() const {
  const double n = static_cast<double>(chains_);
  const Vector<double> spread =
      xt::sqrt((start_start_ - start_ * start_ / n) * (end_end_ - end_ * end_ / n));
  const Vector<double> found = (start_end_ - start_ * end_ / n) / spread;
  const Vector<double> correlation = xt::where(xt::isfinite(found), found, 0.0);
  const std::size_t column = xt::argmax(xt::abs(correlation))();
  return {column, correlation(column)};
}

double StartCorrelation::noticeable() const {
  return std::max(0.2, 6 / std::sqrt(static_cast<double>(chains_)));
}

template void StartCorrelation::add(const std::vector<float>&, const std::vector<float>&);
template void StartCorrelation::add(const std::vector<double>&, const std::vector<double>&);

}  // namespace pushforward
