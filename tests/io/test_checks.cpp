#include <catch2/catch.hpp>
#include <limits>

#include "base/error.hpp"
#include "io/checks.hpp"

using namespace pushforward;

TEST_CASE("results that are not finite name their row", "[checks]") {
  const float infinity = std::numeric_limits<float>::infinity();
  const float nan = std::numeric_limits<float>::quiet_NaN();
  const std::vector<float> good = {1, -3e38f, 0, 1e-45f};
  CHECK_NOTHROW(require_finite_results(good, 2, 0, "m.h5: row"));
  for (const float bad : {infinity, -infinity, nan}) {
    const std::vector<float> rows = {1, 2, 3, 4, 5, bad};
    try {
      require_finite_results(rows, 2, 100, "m.h5: row");
      FAIL("not refused");
    } catch (const Error& error) {
      CHECK(error.kind() == ErrorKind::numerical);
      CHECK(std::string(error.what()) ==
            "m.h5: row 102 comes out as a number that is not finite; --precision float64 may help");
    }
    const std::vector<double> wide(rows.begin(), rows.end());
    CHECK_THROWS_WITH(require_finite_results(wide, 1, 0, "m.h5: row"),
                      "m.h5: row 5 comes out as a number that is not finite");
    // The log of a density of zero.
    if (bad == -infinity)
      CHECK_NOTHROW(require_finite_results(rows, 1, 0, "", Infinity::negative_allowed));
    else
      CHECK_THROWS(require_finite_results(rows, 1, 0, "", Infinity::negative_allowed));
  }
}
