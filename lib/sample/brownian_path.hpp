// A Brownian path that is looked at in steps nobody knows beforehand.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "base/random.hpp"

namespace pushforward {

// One path B in `dimension` dimensions, followed from 0 on. A step that was looked at and refused
// has revealed the path at its end; what is looked at next is drawn from the law given that, a
// Brownian bridge. Fresh noise instead would make the increments that are refused, the large ones,
// rarer than they are, and the samples too narrow.
class BrownianPath {
 public:
  BrownianPath() = default;
  // A function of the random numbers' seed and stream, and of `row`.
  BrownianPath(const Random& random, std::uint64_t row, std::size_t dimension)
      : random_(random), row_(row), dimension_(dimension) {}

  // Writes B(now + length) - B(now) to `increment`, length > 0. May be asked again with another
  // length: all answers are of one path.
  template <class T>
  void look(double length, T* increment);
  // Goes on to now + length, where look() has been.
  void advance(double length);

 private:
  [[nodiscard]] const double* draw();  // `dimension` fresh normal numbers

  Random random_{0, Stream::sampler};
  std::uint64_t row_ = 0;
  std::size_t dimension_ = 0;
  std::uint32_t draws_ = 0;
  // Normal numbers of several draws: a few at a time cost nearly as much.
  std::vector<double> normals_;
  // Known points ahead, the farthest first: their distance from now, and B there less B(now).
  std::vector<double> distances_, values_;
};

}  // namespace pushforward
