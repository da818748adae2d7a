#include "plot/palette.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <unordered_map>

namespace pushforward {
namespace {

struct Counted {
  std::uint32_t colour;
  double count;
};

double channel(std::uint32_t colour, int axis) { return (colour >> (16 - 8 * axis)) & 0xffu; }

// A part of the colours, [begin, end) of their list.
struct Part {
  std::size_t begin, end;
  std::array<double, 3> mean = {};
  int widest = 0;    // the channel of the largest squared error
  double error = 0;  // of all channels
};

Part part_of(const std::vector<Counted>& colours, std::size_t begin, std::size_t end) {
  Part part{begin, end};
  double total = 0, most = -1;
  for (std::size_t i = begin; i < end; ++i) total += colours[i].count;
  for (int axis = 0; axis < 3; ++axis) {
    double sum = 0, squares = 0;
    for (std::size_t i = begin; i < end; ++i) {
      const double value = channel(colours[i].colour, axis);
      sum += colours[i].count * value;
      squares += colours[i].count * value * value;
    }
    const auto place = static_cast<std::size_t>(axis);
    part.mean[place] = sum / total;
    const double error = squares - sum * part.mean[place];
    part.error += error;
    if (error > most) {
      most = error;
      part.widest = axis;
    }
  }
  if (end - begin == 1) part.error = 0;  // not the rounding of the differences
  return part;
}

// Cuts a part of several colours; both pieces have some.
std::array<Part, 2> cut(const Part& part, std::vector<Counted>* colours) {
  const int axis = part.widest;
  const double mean = part.mean[static_cast<std::size_t>(axis)];
  const auto begin = colours->begin() + static_cast<std::ptrdiff_t>(part.begin);
  const auto end = colours->begin() + static_cast<std::ptrdiff_t>(part.end);
  auto middle = std::stable_partition(
      begin, end, [&](const Counted& each) { return channel(each.colour, axis) <= mean; });
  if (middle == end) --middle;
  const auto place = static_cast<std::size_t>(middle - colours->begin());
  return {part_of(*colours, part.begin, place), part_of(*colours, place, part.end)};
}

std::uint32_t mean_colour(const Part& part) {
  std::uint32_t colour = 0;
  for (const double value : part.mean)
    colour = colour << 8 | static_cast<std::uint32_t>(std::lround(value));
  return colour;
}

}  // namespace

IndexedPixels indexed(const std::vector<std::uint32_t>& pixels, std::size_t most) {
  std::unordered_map<std::uint32_t, double> counts;
  for (const std::uint32_t pixel : pixels) counts[pixel & 0xffffffu] += 1;
  std::vector<Counted> colours;
  for (const auto& [colour, count] : counts) colours.push_back({colour, count});
  std::sort(colours.begin(), colours.end(),
            [](const Counted& a, const Counted& b) { return a.colour < b.colour; });
  std::vector<Part> parts;
  if (colours.size() <= most)
    for (std::size_t i = 0; i < colours.size(); ++i) parts.push_back(part_of(colours, i, i + 1));
  else
    parts.push_back(part_of(colours, 0, colours.size()));
  while (parts.size() < std::min(most, colours.size())) {
    const auto worst = std::max_element(
        parts.begin(), parts.end(), [](const Part& a, const Part& b) { return a.error < b.error; });
    if (!(worst->error > 0)) break;
    const auto pieces = cut(*worst, &colours);
    *worst = pieces[0];
    parts.push_back(pieces[1]);
  }
  IndexedPixels result;
  std::unordered_map<std::uint32_t, std::uint8_t> places;
  for (std::size_t p = 0; p < parts.size(); ++p) {
    result.colours.push_back(mean_colour(parts[p]));
    for (std::size_t i = parts[p].begin; i < parts[p].end; ++i)
      places[colours[i].colour] = static_cast<std::uint8_t>(p);
  }
  result.indices.reserve(pixels.size());
  for (const std::uint32_t pixel : pixels) result.indices.push_back(places[pixel & 0xffffffu]);
  return result;
}

}  // namespace pushforward
