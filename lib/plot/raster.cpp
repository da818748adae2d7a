#include "plot/raster.hpp"

#include <algorithm>
#include <cmath>

namespace pushforward {
namespace {

std::uint32_t eight_bits(float part) {
  // NOLINTNEXTLINE(bugprone-incorrect-roundings): it is not below 0
  return static_cast<std::uint32_t>(std::clamp(part, 0.0f, 1.0f) * 255 + 0.5f);
}

}  // namespace

void Raster::set(int x, int y, Colour colour, float opacity) {
  pixels_[static_cast<std::size_t>(y) * static_cast<std::size_t>(width_) +
          static_cast<std::size_t>(x)] = eight_bits(opacity) << 24 | eight_bits(colour.red) << 16 |
                                         eight_bits(colour.green) << 8 | eight_bits(colour.blue);
}

DiscLayer::DiscLayer(int width, int height)
    : width_(width),
      height_(height),
      pixels_(static_cast<std::size_t>(width) * static_cast<std::size_t>(height)) {}

void DiscLayer::add(Point centre, double radius, Colour colour, double opacity) {
  // The edge is blurred over one pixel.
  const double reach = radius + 0.5;
  const auto first = [&](double at) { return static_cast<int>(std::max(0.0, std::floor(at))); };
  const auto end = [&](double at, int size) {
    return static_cast<int>(std::clamp(std::floor(at) + 1, 0.0, static_cast<double>(size)));
  };
  if (centre.x - reach >= width_ || centre.y - reach >= height_) return;
  const int right = end(centre.x + reach, width_), bottom = end(centre.y + reach, height_);
  for (int y = first(centre.y - reach); y < bottom; ++y)
    for (int x = first(centre.x - reach); x < right; ++x) {
      const double dx = x + 0.5 - centre.x, dy = y + 0.5 - centre.y;
      const double cover = std::min(1.0, reach - std::sqrt(dx * dx + dy * dy));
      if (cover <= 0) continue;
      Pixel& pixel = pixels_[static_cast<std::size_t>(y) * static_cast<std::size_t>(width_) +
                             static_cast<std::size_t>(x)];
      const auto a = static_cast<float>(opacity * cover);
      pixel.colour.red += a * (colour.red - pixel.colour.red);
      pixel.colour.green += a * (colour.green - pixel.colour.green);
      pixel.colour.blue += a * (colour.blue - pixel.colour.blue);
      pixel.opacity += a * (1 - pixel.opacity);
    }
}

Raster DiscLayer::raster() const {
  Raster result(width_, height_);
  for (int y = 0, i = 0; y < height_; ++y)
    for (int x = 0; x < width_; ++x, ++i) {
      const Pixel& pixel = pixels_[static_cast<std::size_t>(i)];
      result.set(x, y, pixel.colour, pixel.opacity);
    }
  return result;
}

}  // namespace pushforward
