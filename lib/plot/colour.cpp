#include "plot/colour.hpp"

#include <algorithm>
#include <cstdint>

namespace pushforward {
namespace {

// CIELAB (D65) at t = 0, 1/24, ..., 1, in cylindrical coordinates: lightness 14 + 78 t, hue in
// degrees 312 - 210 t + 16 sin(2 pi t), chroma 39 - 38 t + 84 t^3, which stays inside sRGB's gamut.
constexpr std::uint32_t anchors[] = {
    0x31164d, 0x322056, 0x33295e, 0x333367, 0x323c6f, 0x2f4677, 0x2b507f, 0x245a86, 0x1b648c,
    0x0d6e91, 0x007894, 0x008296, 0x0c8c95, 0x229693, 0x369f90, 0x49a88b, 0x5cb185, 0x6fb97f,
    0x82c178, 0x95c971, 0xa7d169, 0xbad960, 0xcce054, 0xdfe846, 0xf3ee31};
constexpr int steps = static_cast<int>(sizeof anchors / sizeof *anchors) - 1;

// CIELAB lightness, chroma and hue: (45, 48, 265), (60, 62, 50), (55, 45, 150), (45, 50, 320),
// (65, 55, 90), (60, 30, 210), (48, 55, 20), (30, 30, 290).
constexpr std::uint32_t series[series_colours] = {0x0071ba, 0xe1713e, 0x3f945b, 0x8f53a1,
                                                  0xb99b35, 0x329eaa, 0xc54655, 0x3b4472};

// Darker ones of the series' colours from the second on, an olive green among them, and the last
// two paler.
constexpr std::uint32_t further[class_colours - series_colours] = {
    0x7c3e22, 0x235132, 0x4f2e59, 0x8a8f1f, 0x1c575e, 0x6c262f, 0xa7abc1, 0x8cbfe0};

Colour unpacked(std::uint32_t rgb) {
  const auto part = [&](int shift) { return static_cast<float>((rgb >> shift) & 255u) / 255.0f; };
  return {part(16), part(8), part(0)};
}

}  // namespace

Colour ramp(double t) {
  const double at = t > 0 ? std::min(t, 1.0) * steps : 0;  // NaN is 0
  const int cell = std::min(static_cast<int>(at), steps - 1);
  const float f = static_cast<float>(at - cell);
  const Colour a = unpacked(anchors[cell]), b = unpacked(anchors[cell + 1]);
  return {a.red + f * (b.red - a.red), a.green + f * (b.green - a.green),
          a.blue + f * (b.blue - a.blue)};
}

Colour series_colour(long index) {
  const long place = index % series_colours;
  return unpacked(series[place < 0 ? place + series_colours : place]);
}

Colour class_colour(long index) {
  const long rest = index % class_colours, place = rest < 0 ? rest + class_colours : rest;
  return place < series_colours ? series_colour(place) : unpacked(further[place - series_colours]);
}

}  // namespace pushforward
