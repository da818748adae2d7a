// Principal components of rows whose covariance is known, and the way back.
#include <catch2/catch.hpp>
#include <cmath>

#include "base/error.hpp"
#include "base/random.hpp"
#include "eval/principal_components.hpp"

using namespace pushforward;

namespace {

// Rows with mean (1, 2, 3) and the variances 4, 9 and 1 (n - 1) along (1,1,0)/sqrt2, (1,-1,0)/sqrt2
// and (0,0,-1), without correlation.
Array known_rows() {
  const double s = std::sqrt(5.0 / 2), h = std::sqrt(0.5);
  std::vector<double> rows;
  const auto add = [&](double x, double y, double z) {
    rows.insert(rows.end(), {1 + x, 2 + y, 3 + z});
  };
  for (const double sign : {1.0, -1.0}) {
    add(sign * 2 * s * h, sign * 2 * s * h, 0);
    add(sign * 3 * s * h, -sign * 3 * s * h, 0);
    add(0, 0, sign * s);
  }
  return Array::of(rows, {6, 3});
}

std::string message(const Array& rows, std::size_t count) {
  try {
    static_cast<void>(principal_components(rows, 0, rows.rows(), count, "f"));
  } catch (const Error& error) {
    return error.what();
  }
  return "accepted";
}

}  // namespace

TEST_CASE("a known covariance is recovered, largest entries positive") {
  const PrincipalComponents pca = principal_components(known_rows(), 0, 6, 3, "f");
  const double h = std::sqrt(0.5);
  const std::vector<double> mean = {1, 2, 3}, deviations = {3, 2, 1};
  for (std::size_t i = 0; i < 3; ++i) {
    CHECK(pca.mean[i] == Approx(mean[i]));
    CHECK(pca.deviations[i] == Approx(deviations[i]));
  }
  CHECK(std::abs(pca.components(0, 0)) == Approx(h));
  CHECK(pca.components(0, 0) == Approx(-pca.components(0, 1)));
  CHECK(pca.components(1, 0) == Approx(h));
  CHECK(pca.components(1, 1) == Approx(h));
  CHECK(pca.components(2, 2) == Approx(1));
}

TEST_CASE("all components keep all there is, in the type of the rows") {
  constexpr std::size_t n = 1100, d = 7;  // more than two blocks
  std::vector<double> values(n * d);
  Random(5, Stream::data).fill_normal(values.data(), n, d, 0);
  for (std::size_t i = 0; i < values.size(); ++i)
    values[i] = 1000 + values[i] * static_cast<double>(1 + i % d);
  const std::vector<float> narrow(values.begin(), values.end());
  const Array wide_rows = Array::of(values, {n, d}), narrow_rows = Array::of(narrow, {n, d, 1});
  for (const Array* rows : {&wide_rows, &narrow_rows}) {
    const PrincipalComponents pca = principal_components(*rows, 0, n, d, "f");
    const Array coordinates = pca.project(*rows);
    CHECK(coordinates.type == rows->type);
    CHECK(coordinates.shape == Shape{n, d});
    const std::vector<double> z = coordinates.to<double>(), x = rows->to<double>();
    double worst = 0;
    for (std::size_t i = 0; i < n; ++i)
      for (std::size_t j = 0; j < d; ++j) {
        double back = pca.mean[j];
        for (std::size_t k = 0; k < d; ++k) back += pca.components(k, j) * z[i * d + k];
        worst = std::max(worst, std::abs(back - x[i * d + j]));
      }
    CHECK(worst < (rows->type == ElementType::float64 ? 1e-10 : 1e-5));
  }
}

TEST_CASE("only the range of rows is looked at") {
  Array rows = known_rows();
  rows.bytes.resize(rows.bytes.size() + 3 * sizeof(double));
  rows.shape[0] = 7;
  rows.data<double>()[18] = 1e6;
  CHECK(principal_components(rows, 0, 6, 1, "f").deviations[0] == Approx(3));
}

TEST_CASE("what has no principal components") {
  CHECK(message(known_rows(), 4) ==
        "f: 6 rows of 3 numbers have at most 3 principal components, not 4");
  CHECK(message(Array::of(std::vector<double>{1, 2}, {1, 2}), 1) ==
        "f: one row has no principal components");
  CHECK(message(Array::of(std::vector<double>{1e200, -1e200}, {2, 1}), 1) ==
        "f: numbers are too large to be squared, scale them down");
  CHECK(message(Array::of(std::vector<float>{7, 7, 7, 7}, {2, 2}), 2) == "accepted");
}
