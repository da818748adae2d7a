// The extents of an image.
#pragma once

namespace pushforward {

struct ImageShape {
  int channels = 1, height = 0, width = 0;

  [[nodiscard]] int pixels() const { return height * width; }
  [[nodiscard]] int numbers() const { return channels * pixels(); }
};

}  // namespace pushforward
