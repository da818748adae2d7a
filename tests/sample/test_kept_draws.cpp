#include <catch2/catch.hpp>

#include "sample/kept_draws.hpp"

using namespace pushforward;

namespace {

// Number = chain * 1e6 + draw * 1e3 + column.
std::vector<double> rows_of(std::size_t first, std::size_t chains, std::size_t draws,
                            std::size_t dimension) {
  std::vector<double> rows;
  for (std::size_t c = first; c < first + chains; ++c)
    for (std::size_t d = 0; d < draws; ++d)
      for (std::size_t j = 0; j < dimension; ++j)
        rows.push_back(1e6 * double(c) + 1e3 * double(d) + double(j));
  return rows;
}

}  // namespace

TEST_CASE("all draws are kept, chain after chain, a column each", "[kept_draws]") {
  KeptDraws kept(3, 4, 2, KeptDraws::all);
  kept.add(0, rows_of(0, 2, 4, 2));
  kept.add(2, rows_of(2, 1, 4, 2));
  CHECK(kept.chains() == 3);
  REQUIRE(kept.columns().size() == 2);
  REQUIRE(kept.columns()[1].size() == 12);
  for (std::size_t i = 0; i < 12; ++i)
    CHECK(kept.columns()[1][i] == 1e6 * double(i / 4) + 1e3 * double(i % 4) + 1);
}

TEST_CASE("what is kept of a large run is bounded and evenly spread", "[kept_draws]") {
  struct Case {
    std::size_t chains, draws, dimension, most;
  };
  for (const Case& c : {Case{4, 5000, 3, 4000}, Case{4, 1000, 900, 16000}, Case{3000, 40, 2, 5000},
                        Case{7, 900, 1, 2000}, Case{1, 3, 1, 1}}) {
    KeptDraws kept(c.chains, c.draws, c.dimension, c.most);
    for (std::size_t first = 0; first < c.chains; first += 5)
      kept.add(first,
               rows_of(first, std::min<std::size_t>(5, c.chains - first), c.draws, c.dimension));
    const std::size_t rows = kept.columns()[0].size();
    std::size_t numbers = 0;
    for (const std::vector<double>& column : kept.columns()) {
      CHECK(column.size() == rows);
      numbers += column.size();
    }
    // A chain is not cut below 250 draws.
    CHECK(numbers <= std::max<std::size_t>(c.most, 500));
    CHECK(numbers > 0);
    CHECK(kept.chains() > 0);
    CHECK(rows % kept.chains() == 0);
    const std::size_t each = rows / kept.chains();
    CHECK(each >= std::min<std::size_t>(c.draws, 250));
    // Draws of a chain are equally far apart, and columns differ in their number alone.
    const std::vector<double>& column = kept.columns().back();
    for (std::size_t i = 2; i < each; ++i)
      REQUIRE(column[i] - column[i - 1] == column[1] - column[0]);
    CHECK(column[0] - kept.columns()[0][0] < double(c.dimension));
  }
}
