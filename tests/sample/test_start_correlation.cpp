#include <catch2/catch.hpp>
#include <cmath>

#include "base/random.hpp"
#include "sample/start_correlation.hpp"

using namespace pushforward;

TEST_CASE("the worst column's correlation of start and end, over blocks", "[start_correlation]") {
  constexpr std::size_t chains = 4000, columns = 3;
  std::vector<double> start(chains * columns), end(start.size());
  Random(1, Stream::init).fill_normal(start.data(), chains, columns, 0);
  Random(2, Stream::init).fill_normal(end.data(), chains, columns, 0);
  StartCorrelation none(columns);
  none.add(start, end);
  CHECK(std::abs(none.worst().correlation) < none.noticeable());
  CHECK(none.noticeable() == 0.2);
  // Column 1 keeps a part r of its start: correlation -r.
  const double r = 0.6;
  std::vector<double> kept = end;
  for (std::size_t i = 1; i < kept.size(); i += columns)
    kept[i] = 1e3 - 7 * (r * start[i] + std::sqrt(1 - r * r) * end[i]);
  StartCorrelation some(columns);
  for (std::size_t first = 0; first < kept.size(); first += 1000 * columns) {
    const auto part = [&](const std::vector<double>& all) {
      return std::vector<double>(all.begin() + std::ptrdiff_t(first),
                                 all.begin() + std::ptrdiff_t(first + 1000 * columns));
    };
    some.add(part(start), part(kept));
  }
  CHECK(some.worst().column == 1);
  CHECK(some.worst().correlation == Approx(-r).margin(4 / std::sqrt(double(chains))));
  // Where nothing varies there is none.
  StartCorrelation still(1);
  still.add(std::vector<double>{0, 0, 0}, std::vector<double>{1, 2, 3});
  CHECK(still.worst().correlation == 0);
}
