#include "sample/brownian_path.hpp"

#include <algorithm>
#include <cmath>

namespace pushforward {
namespace {

constexpr std::size_t normals_at_once = 256;

}  // namespace

const double* BrownianPath::draw() {
  const std::size_t batch = std::max<std::size_t>(normals_at_once / dimension_, 1);
  const std::size_t place = draws_ % batch;
  if (place == 0) {
    normals_.resize(batch * dimension_);
    random_.fill_normal(normals_.data(), 1, normals_.size(), row_,
                        static_cast<std::uint32_t>(draws_ / batch));
  }
  ++draws_;
  return normals_.data() + place * dimension_;
}

template <class T>
void BrownianPath::look(double length, T* increment) {
  std::size_t at = 0;  // of the first point that is not beyond `length`
  while (at < distances_.size() && distances_[at] > length) ++at;
  if (at == distances_.size() || distances_[at] != length) {
    const bool bridged = at > 0;
    const double from = at < distances_.size() ? distances_[at] : 0;
    const double share = bridged ? (length - from) / (distances_[at - 1] - from) : 0;
    const double deviation = std::sqrt((length - from) * (1 - share));
    const auto place = static_cast<std::ptrdiff_t>(at * dimension_);
    distances_.insert(distances_.begin() + static_cast<std::ptrdiff_t>(at), length);
    values_.insert(values_.begin() + place, dimension_, 0.0);
    double* value = values_.data() + place;
    const double* z = draw();
    const bool nearer = at + 1 < distances_.size();
    for (std::size_t j = 0; j < dimension_; ++j) {
      const double low = nearer ? value[dimension_ + j] : 0;
      const double mean = bridged ? low + share * (values_[(at - 1) * dimension_ + j] - low) : low;
      value[j] = mean + deviation * z[j];
    }
  }
  for (std::size_t j = 0; j < dimension_; ++j)
    increment[j] = static_cast<T>(values_[at * dimension_ + j]);
}

void BrownianPath::advance(double length) {
  while (!distances_.empty() && distances_.back() < length) {
    distances_.pop_back();
    values_.resize(values_.size() - dimension_);
  }
  const std::size_t left = distances_.size() - 1;
  const double* here = values_.data() + left * dimension_;
  for (std::size_t i = 0; i < left; ++i) {
    distances_[i] -= length;
    for (std::size_t j = 0; j < dimension_; ++j) values_[i * dimension_ + j] -= here[j];
  }
  distances_.pop_back();
  values_.resize(left * dimension_);
}

template void BrownianPath::look(double, float*);
template void BrownianPath::look(double, double*);

}  // namespace pushforward
