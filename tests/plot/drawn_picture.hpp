// What a canvas holds, read back from the PNG that it makes.
#pragma once

#include <string>
#include <vector>

#include "io/image_decoder.hpp"
#include "plot/canvas.hpp"

namespace pushforward {

class DrawnPicture {
 public:
  explicit DrawnPicture(Canvas canvas)
      : width_(canvas.width()), height_(canvas.height()), pixels_(nullptr, nullptr) {
    const std::vector<std::byte> png = canvas.bytes();
    const EncodedImage image = {"drawn",
                                {reinterpret_cast<const char*>(png.data()), png.size()},
                                {width_, height_, 3, false}};
    pixels_ = decode_image<std::uint8_t>(image, 3);
  }

  [[nodiscard]] int width() const { return width_; }
  [[nodiscard]] int height() const { return height_; }
  [[nodiscard]] Colour at(int x, int y) const {
    const std::uint8_t* pixel = &pixels_[static_cast<std::size_t>(3 * (y * width_ + x))];
    const auto part = [](std::uint8_t value) { return static_cast<float>(value) / 255; };
    return {part(pixel[0]), part(pixel[1]), part(pixel[2])};
  }
  // How much black is in it, in pixels.
  [[nodiscard]] double darkness() const {
    double sum = 0;
    for (int y = 0; y < height_; ++y)
      for (int x = 0; x < width_; ++x) sum += 1 - static_cast<double>(at(x, y).red);
    return sum;
  }

 private:
  int width_, height_;
  Pixels<std::uint8_t> pixels_;
};

}  // namespace pushforward
