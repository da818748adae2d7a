// Which values of a picture are black and white.
#pragma once

#include <limits>
#include <utility>
#include <vector>

#include "io/array.hpp"

namespace pushforward {

// The values of black and white, guessed from the finite values of pictures:
// - of integer types, 0 and 255;
// - of floats that are whole numbers from 0 on, 0 and the first of 1, 16, 255 and 65535 that holds
//   them all: pixels of as many levels;
// - of other floats, the first of [0, 1] and [-1, 1] that they exceed by at most a quarter of its
//   length; or [0, 255], if they do not exceed it by more either and reach a quarter of it; or else
//   their minimum and maximum.
class PictureRange {
 public:
  explicit PictureRange(ElementType type) : type_(type) {}

  // Takes more values, which come in blocks.
  void add(const std::vector<double>& values);
  [[nodiscard]] std::pair<double, double> black_and_white() const;

 private:
  ElementType type_;
  double low_ = std::numeric_limits<double>::infinity(), high_ = -low_;
  bool whole_ = true;
};

// The same for values that are at hand.
[[nodiscard]] std::pair<double, double> picture_range(ElementType type,
                                                      const std::vector<double>& values);

}  // namespace pushforward
