// Products with staircase matrices against the same products with the zeros written out.
#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>

#include "base/random.hpp"
#include "graph/evaluate.hpp"

using namespace pushforward;

namespace {

struct Masked {
  int rows, inner, groups;
  Staircase limit;
};

// Random shapes on both sides of every tile and panel edge, and the extremes of a staircase.
std::vector<Masked> shapes() {
  std::vector<Masked> all = {{3, 4, 1, {0, 0, 0}}, {3, 4, 2, {4, 4, 4}}, {1, 1, 1, {0}}};
  const Random random(4, Stream::evaluation);
  for (std::uint64_t i = 0; i < 40; ++i) {
    const auto number = [&](std::uint64_t most, std::uint32_t element) {
      return 1 + static_cast<int>(random.below(most, i, 0, element));
    };
    Masked m{number(40, 0), number(i % 4 == 0 ? 600 : 60, 1), number(3, 2), {}};
    const int columns = number(50, 3);
    for (int j = 0; j < columns; ++j)
      m.limit.push_back(
          number(static_cast<std::uint64_t>(m.inner) + 1, 4 + static_cast<std::uint32_t>(j)) - 1);
    std::sort(m.limit.begin(), m.limit.end());
    all.push_back(m);
  }
  return all;
}

template <class T>
std::vector<T> draw(int rows, int columns, std::uint64_t seed) {
  std::vector<T> values(static_cast<std::size_t>(rows) * static_cast<std::size_t>(columns));
  Random(seed, Stream::evaluation)
      .fill_normal(values.data(), static_cast<std::size_t>(rows), static_cast<std::size_t>(columns),
                   0);
  return values;
}

template <class T>
void check_equal(const std::vector<T>& got, const std::vector<T>& expected, double tolerance) {
  REQUIRE(got.size() == expected.size());
  double worst = 0;
  for (std::size_t i = 0; i < got.size(); ++i)
    worst = std::max(worst, std::abs(double(got[i]) - double(expected[i])));
  CHECK(worst <= tolerance);
}

}  // namespace

TEMPLATE_TEST_CASE("masked products are products with zeros", "[kernels]", float, double) {
  using T = TestType;
  const double tolerance = sizeof(T) == 4 ? 3e-4 : 3e-13;
  for (const Masked& m : shapes()) {
    const int size = static_cast<int>(m.limit.size()), columns = size * m.groups;
    INFO(m.rows << "x" << m.inner << "x" << columns << " in " << m.groups);
    Graph graph;
    const Expr a = graph.input("a", m.rows, m.inner), w = graph.input("w", m.inner, columns);
    const Expr g = graph.input("g", m.rows, columns);
    std::vector<double> ones(static_cast<std::size_t>(m.inner * columns), 0.0);
    for (int p = 0; p < m.inner; ++p)
      for (int j = 0; j < columns; ++j)
        ones[static_cast<std::size_t>(p * columns + j)] =
            p < m.limit[static_cast<std::size_t>(j % size)] ? 1 : 0;
    const Expr mask = graph.constant(m.inner, columns, ones);
    const Expr bias = sum_rows(g);
    const std::vector<std::vector<T>> values = {
        draw<T>(m.rows, m.inner, 1), draw<T>(m.inner, columns, 2), draw<T>(m.rows, columns, 3)};
    const auto value = [&](Expr y) { return evaluate<T>(y, {a, w, g}, values); };
    check_equal(value(masked_matmul(a, w, m.limit) + bias), value(matmul(a, w * mask) + bias),
                tolerance);
    check_equal(value(masked_matmul_back(g, transpose(w), m.limit)),
                value(matmul(g, transpose(w * mask))), tolerance);
    check_equal(value(masked_outer(a, g, m.limit)), value(matmul_transposed(a, g) * mask),
                tolerance);
  }
}

TEST_CASE("a masked product does not read what its mask excludes", "[kernels]") {
  Graph graph;
  const Expr a = graph.input("a", 2, 3), w = graph.input("w", 3, 2);
  const float bad = std::nanf("");
  const std::vector<std::vector<float>> values = {{1, 2, 3, 4, 5, 6}, {10, 20, bad, 30, bad, bad}};
  CHECK(evaluate<float>(masked_matmul(a, w, {1, 2}), {a, w}, values) ==
        std::vector<float>{10, 80, 40, 230});
}

TEMPLATE_TEST_CASE("the inverse of a lower triangle", "[kernels]", float, double) {
  using T = TestType;
  for (const int n : {1, 2, 5, 40}) {
    Graph graph;
    const Expr a = graph.input("a", n, n);
    const std::size_t size = static_cast<std::size_t>(n);
    std::vector<T> values = draw<T>(n, n, 7), lower(size * size);
    for (std::size_t i = 0; i < size; ++i)
      for (std::size_t j = 0; j < size; ++j) {
        values[i * size + j] = i == j ? T(1.5) : values[i * size + j] / T(n);
        lower[i * size + j] = j <= i ? values[i * size + j] : T(0);
      }
    const Expr b = graph.input("b", n, n);
    std::vector<T> identity(size * size);
    for (std::size_t i = 0; i < size; ++i) identity[i * size + i] = 1;
    check_equal(evaluate<T>(matmul(b, inverse_lower(a)), {a, b}, {values, lower}), identity,
                sizeof(T) == 4 ? 1e-6 : 1e-14);
  }
}
