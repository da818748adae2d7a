// Paths from one row of numbers to the next, such as those between the noise of two pictures.
#pragma once

#include <cstdint>
#include <vector>

namespace pushforward {

// linear     (1 - t) a + t b
// spherical  sin((1 - t) w) / sin(w) a + sin(t w) / sin(w) b, w the angle between a and b
//            (Shoemake 1985); linear where they point the same way or opposite ways, or one is 0
// Rows of standard normal noise of D columns have a length close to sqrt(D). The middle of a line
// between two of them is shorter by a factor of sqrt(2), where hardly any noise lies; a spherical
// path keeps the length.
enum class PathKind { linear, spherical };

// A path through these rows of a file in turn, in so many steps from each to the next.
struct RowPath {
  std::vector<std::uint64_t> through;  // two or more
  std::uint64_t steps = 8;
  PathKind kind = PathKind::spherical;

  [[nodiscard]] std::uint64_t rows() const { return steps * (through.size() - 1) + 1; }
};

// Rows [first, first + count) of the path: [count, columns]. `points` [through.size(), columns] are
// the numbers it goes through, each of them a row of the path to the bit.
[[nodiscard]] std::vector<double> path_rows(const RowPath& path, const std::vector<double>& points,
                                            std::uint64_t first, std::size_t count);

}  // namespace pushforward
