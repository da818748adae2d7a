#include "density/shapes.hpp"

#include <cmath>

#include "base/random.hpp"

namespace pushforward {
namespace {

constexpr int kinds = 3, samples = 4;  // samples along a side of a pixel

// Whether the point (x, y), in units of the radius from the centre, is inside the figure.
bool inside(int kind, double x, double y) {
  switch (kind) {
    case 0:
      return x * x + y * y <= 1;
    case 1:
      return std::abs(x) <= 0.85 && std::abs(y) <= 0.85;
    default: {
      const double arm = 1.0 / 3;
      return (std::abs(x) <= arm && std::abs(y) <= 1) || (std::abs(y) <= arm && std::abs(x) <= 1);
    }
  }
}

void draw(std::uint8_t* pixels, std::size_t size, int kind, double radius, double centre_x,
          double centre_y) {
  for (std::size_t row = 0; row < size; ++row)
    for (std::size_t column = 0; column < size; ++column) {
      int hits = 0;
      for (int i = 0; i < samples; ++i)
        for (int j = 0; j < samples; ++j) {
          const double y = static_cast<double>(row) + (i + 0.5) / samples;
          const double x = static_cast<double>(column) + (j + 0.5) / samples;
          hits += inside(kind, (x - centre_x) / radius, (y - centre_y) / radius) ? 1 : 0;
        }
      pixels[row * size + column] =
          static_cast<std::uint8_t>((hits * 255 + samples * samples / 2) / (samples * samples));
    }
}

}  // namespace

void fill_shapes(std::uint8_t* pixels, std::int32_t* label, std::size_t size, std::size_t rows,
                 std::uint64_t first_row, std::uint64_t seed) {
  const Random random(seed, Stream::data);
  const double side = static_cast<double>(size);
  for (std::size_t i = 0; i < rows; ++i) {
    double u[4];
    random.fill_uniform(u, 1, 4, first_row + i);
    const int kind = static_cast<int>(kinds * u[0]);
    const double radius = side * (1 + u[1]) / 6;
    const double room = side - 2 * radius;
    draw(pixels + i * size * size, size, kind, radius, radius + room * u[2], radius + room * u[3]);
    label[i] = kind;
  }
}

}  // namespace pushforward
