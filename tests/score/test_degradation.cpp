#include <catch2/catch.hpp>
#include <cmath>
#include <numeric>

#include "base/error.hpp"
#include "base/random.hpp"
#include "graph/evaluate.hpp"
#include "score/cosine_transform.hpp"
#include "score/degradation.hpp"

using namespace pushforward;

namespace {

const ImageShape odd_shape = {2, 5, 7};

std::vector<double> random_pictures(const ImageShape& shape, std::size_t count,
                                    std::uint64_t seed = 1) {
  std::vector<double> v(count * static_cast<std::size_t>(shape.numbers()));
  Random(seed, Stream::data).fill_normal(v.data(), v.size(), 1, 0);
  return v;
}

DegradationSettings settings_of(DegradationKind kind, const ImageShape& shape, int levels) {
  DegradationSettings s;
  s.kind = kind;
  s.picture = shape;
  s.levels = levels;
  s.blur_min = 0.5;
  s.blur_max = 4;
  return s;
}

std::shared_ptr<const Degradation> degradation_of(DegradationKind kind, const ImageShape& shape,
                                                  int levels) {
  return make_degradation(settings_of(kind, shape, levels), "test");
}

// D(v, s) of every row at its own level.
template <class T = double>
std::vector<T> degraded(const Degradation& degradation, const std::vector<T>& v,
                        const std::vector<T>& z, const std::vector<int>& levels) {
  Graph graph;
  const int rows = static_cast<int>(levels.size());
  const int columns = degradation.settings().picture.numbers();
  const Expr x = graph.input("v", rows, columns), noise = graph.input("z", rows, columns);
  const Expr level = graph.input("level", rows, degradation.numbers());
  std::vector<T> numbers;
  for (const int s : levels)
    for (const double number : degradation.at(s)) numbers.push_back(static_cast<T>(number));
  return evaluate<T>(degradation.degrade(x, noise, level), {x, noise, level}, {v, z, numbers});
}

std::vector<double> degraded(const Degradation& degradation, const std::vector<double>& v,
                             int level) {
  const std::size_t rows =
      v.size() / static_cast<std::size_t>(degradation.settings().picture.numbers());
  return degraded<double>(degradation, v, v, std::vector<int>(rows, level));
}

double largest_difference(const std::vector<double>& a, const std::vector<double>& b) {
  REQUIRE(a.size() == b.size());
  double largest = 0;
  for (std::size_t i = 0; i < a.size(); ++i) largest = std::max(largest, std::abs(a[i] - b[i]));
  return largest;
}

// The definition of the transform, of one channel, times a factor for each frequency, and back.
std::vector<double> naive_blur(const ImageShape& shape, const double* v, long double width) {
  const long double pi = 3.14159265358979323846264338327950288L;
  const int H = shape.height, W = shape.width;
  std::vector<long double> out(static_cast<std::size_t>(H * W), 0);
  for (int m = 0; m < H; ++m)
    for (int n = 0; n < W; ++n) {
      const auto basis = [&](int y, int x) {
        return std::sqrt((m == 0 ? 1.0L : 2.0L) / H) * std::cos(pi * m * (y + 0.5L) / H) *
               std::sqrt((n == 0 ? 1.0L : 2.0L) / W) * std::cos(pi * n * (x + 0.5L) / W);
      };
      long double c = 0;
      for (int y = 0; y < H; ++y)
        for (int x = 0; x < W; ++x) c += static_cast<long double>(v[y * W + x]) * basis(y, x);
      const long double squared =
          pi * pi *
          (static_cast<long double>(m * m) / (H * H) + static_cast<long double>(n * n) / (W * W));
      c *= std::exp(-squared * width * width / 2);
      for (int y = 0; y < H; ++y)
        for (int x = 0; x < W; ++x) out[static_cast<std::size_t>(y * W + x)] += c * basis(y, x);
    }
  return std::vector<double>(out.begin(), out.end());
}

}  // namespace

TEST_CASE("the cosine transform is orthonormal and undoes itself", "[degradation]") {
  // Wider than the blocks that are multiplied together, too.
  for (const ImageShape& shape : {odd_shape, ImageShape{1, 1, 6}, ImageShape{1, 40, 130}}) {
    const CosineTransform transform(shape);
    const std::vector<double> v = random_pictures(shape, 3);
    Graph graph;
    const Expr x = graph.input("x", 3, shape.numbers());
    const Expr c = transform.to_coefficients(x);
    CHECK(largest_difference(evaluate<double>(transform.to_pixels(c), {x}, {v}), v) < 1e-13);
    const std::vector<double> coefficients = evaluate<double>(c, {x}, {v});
    CHECK(std::inner_product(v.begin(), v.end(), v.begin(), 0.0) ==
          Approx(std::inner_product(coefficients.begin(), coefficients.end(), coefficients.begin(),
                                    0.0))
              .epsilon(1e-13));
    // Coefficient k of the first picture's channel is its product with pattern(k).
    for (const int k : {0, shape.pixels() / 2, shape.pixels() - 1}) {
      const Vector<double> pattern = transform.pattern(k);
      CHECK(std::inner_product(pattern.begin(), pattern.end(), v.begin(), 0.0) ==
            Approx(coefficients[static_cast<std::size_t>(k)]).margin(1e-13));
    }
  }
}

TEST_CASE("blur is heat dissipation as defined, by channel", "[degradation]") {
  const auto blur = degradation_of(DegradationKind::blur, odd_shape, 6);
  const std::vector<double> v = random_pictures(odd_shape, 1);
  for (const int level : {1, 3, 6}) {
    const std::vector<double> got = degraded(*blur, v, level);
    const double width = blur->shown(level);
    CHECK(width == Approx(0.5 * std::pow(8, (level - 1) / 5.0)));
    for (int c = 0; c < 2; ++c) {
      const std::vector<double> naive = naive_blur(odd_shape, v.data() + 35 * c, width);
      const std::vector<double> channel(got.begin() + 35 * c, got.begin() + 35 * (c + 1));
      CHECK(largest_difference(channel, naive) < 1e-14);
    }
  }
}

TEST_CASE("blur keeps the mean, and widths add by their squares", "[degradation]") {
  DegradationSettings s = settings_of(DegradationKind::blur, {1, 9, 8}, 1);
  const auto with_width = [&](double width) {
    s.blur_min = s.blur_max = width;
    return make_degradation(s, "test");
  };
  const std::vector<double> v = random_pictures(s.picture, 4);
  const std::vector<double> twice = degraded(*with_width(4), degraded(*with_width(3), v, 1), 1);
  CHECK(largest_difference(twice, degraded(*with_width(5), v, 1)) < 1e-14);
  for (std::size_t row = 0; row < 4; ++row) {
    const auto mean = [&](const std::vector<double>& of) {
      const auto first = of.begin() + static_cast<std::ptrdiff_t>(72 * row);
      return std::accumulate(first, first + 72, 0.0) / 72;
    };
    CHECK(mean(twice) == Approx(mean(v)).epsilon(1e-13));
  }
  // Far out nothing but the mean is left.
  const std::vector<double> flat = degraded(*with_width(100), v, 1);
  CHECK(std::abs(flat[0] - flat[71]) < 1e-13);
}

TEST_CASE("level 0 is the picture to the bit, and rows have levels of their own", "[degradation]") {
  const std::vector<double> wide = random_pictures(odd_shape, 4);
  const std::vector<double> noise = random_pictures(odd_shape, 4, 2);
  const std::vector<float> v(wide.begin(), wide.end()), z(noise.begin(), noise.end());
  for (const DegradationKind kind : {DegradationKind::blur, DegradationKind::pixelate,
                                     DegradationKind::mask, DegradationKind::noise}) {
    INFO(degradation_name(kind));
    const auto degradation = degradation_of(kind, odd_shape, 3);
    CHECK(degraded<float>(*degradation, v, z, {0, 0, 0, 0}) == v);
    const std::vector<float> mixed = degraded<float>(*degradation, v, z, {3, 0, 1, 2});
    for (std::size_t row = 0; row < 4; ++row) {
      const int level = std::vector<int>{3, 0, 1, 2}[row];
      const std::vector<float> alike =
          degraded<float>(*degradation, v, z, std::vector<int>(4, level));
      CHECK(std::equal(mixed.begin() + static_cast<std::ptrdiff_t>(70 * row),
                       mixed.begin() + static_cast<std::ptrdiff_t>(70 * row + 70),
                       alike.begin() + static_cast<std::ptrdiff_t>(70 * row)));
    }
  }
}

TEST_CASE("what is gained is the difference of two levels", "[degradation]") {
  const std::vector<double> v = random_pictures(odd_shape, 2), z = random_pictures(odd_shape, 2, 2);
  for (const DegradationKind kind : {DegradationKind::blur, DegradationKind::pixelate,
                                     DegradationKind::mask, DegradationKind::noise}) {
    const auto degradation = degradation_of(kind, odd_shape, 3);
    for (int s = 1; s <= 3; ++s) {
      Graph graph;
      const Expr x = graph.input("v", 2, 70), noise = graph.input("z", 2, 70);
      const Expr from = graph.input("from", 1, degradation->numbers());
      const Expr to = graph.input("to", 1, degradation->numbers());
      const std::vector<double> gained =
          evaluate<double>(degradation->difference(x, noise, from, to), {x, noise, from, to},
                           {v, z, degradation->at(s), degradation->at(s - 1)});
      std::vector<double> expected = degraded<double>(*degradation, v, z, {s - 1, s - 1});
      const std::vector<double> more = degraded<double>(*degradation, v, z, {s, s});
      for (std::size_t i = 0; i < expected.size(); ++i) expected[i] -= more[i];
      CHECK(largest_difference(gained, expected) < 1e-14);
    }
  }
}

TEST_CASE("pixelate takes means of blocks, coarser ones of finer ones", "[degradation]") {
  const auto pixelate = degradation_of(DegradationKind::pixelate, odd_shape, 3);
  CHECK(max_pixelate_levels(odd_shape) == 3);
  const std::vector<double> v = random_pictures(odd_shape, 1);
  const std::vector<double> one = degraded(*pixelate, v, 1);
  CHECK(one[0] == Approx((v[0] + v[1] + v[7] + v[8]) / 4));
  CHECK(one[8] == one[0]);
  CHECK(one[4 * 7 + 6] == Approx(v[4 * 7 + 6]));  // the corner's block is one pixel
  CHECK(one[4 * 7 + 4] == Approx((v[4 * 7 + 4] + v[4 * 7 + 5]) / 2));
  for (int s = 1; s <= 3; ++s)
    for (int t = 1; t <= 3; ++t)
      CHECK(largest_difference(degraded(*pixelate, degraded(*pixelate, v, s), t),
                               degraded(*pixelate, v, std::max(s, t))) < 1e-14);
  const std::vector<double> last = degraded(*pixelate, v, 3);
  CHECK(last[35] == Approx(std::accumulate(v.begin() + 35, v.end(), 0.0) / 35));
  CHECK(*std::max_element(last.begin(), last.begin() + 35) == last[0]);
}

TEST_CASE("mask covers ever more, at last everything", "[degradation]") {
  const auto mask = degradation_of(DegradationKind::mask, odd_shape, 5);
  const std::vector<double> ones(70, 1.0);
  std::vector<double> before = ones;
  for (int s = 1; s <= 5; ++s) {
    const std::vector<double> now = degraded(*mask, ones, s);
    for (std::size_t i = 0; i < 70; ++i) {
      CHECK(now[i] >= 0);
      CHECK(now[i] <= before[i]);
    }
    CHECK(std::accumulate(now.begin(), now.end(), 0.0) <
          std::accumulate(before.begin(), before.end(), 0.0));
    CHECK(now[17] == *std::min_element(now.begin(), now.end()));  // the centre
    before = now;
  }
  CHECK(before == std::vector<double>(70, 0.0));
}

TEST_CASE("what a degradation has lost is what it lacks", "[degradation]") {
  const std::vector<double> v = random_pictures(odd_shape, 1);
  int known = 0;
  for (const DegradationKind kind : {DegradationKind::blur, DegradationKind::pixelate,
                                     DegradationKind::mask, DegradationKind::noise}) {
    const auto degradation = degradation_of(kind, odd_shape, 3);
    for (int s = 0; s <= 3; ++s) {
      Graph graph;
      const Expr level = graph.input("level", 1, degradation->numbers());
      const Expr lost = degradation->lost(level);
      if (!lost.valid()) continue;
      ++known;
      const std::vector<double> share = evaluate<double>(lost, {level}, {degradation->at(s)});
      std::vector<double> whole = degraded(*degradation, v, s);
      for (std::size_t i = 0; i < v.size(); ++i) whole[i] += share[i] * v[i];
      CHECK(largest_difference(whole, v) < 1e-15);
    }
  }
  CHECK(known == 4);  // mask
}

TEST_CASE("noise keeps the variance and ends as noise", "[degradation]") {
  const auto noise = degradation_of(DegradationKind::noise, odd_shape, 9);
  for (int s = 0; s <= 9; ++s) {
    const std::vector<double> share = noise->at(s);
    CHECK(share[0] * share[0] + share[1] * share[1] == Approx(1));
    CHECK(noise->signal(s) == share[0]);
  }
  const std::vector<double> v = random_pictures(odd_shape, 1), z = random_pictures(odd_shape, 1, 2);
  CHECK(degraded<double>(*noise, v, z, {9}) == z);
}

TEST_CASE("what remains at the last level makes up the degraded picture", "[degradation]") {
  for (const DegradationKind kind : {DegradationKind::blur, DegradationKind::pixelate}) {
    const auto degradation = degradation_of(kind, odd_shape, 2);
    const Remains remains = degradation->remains().value();
    const std::vector<double> v = random_pictures(odd_shape, 1);
    std::vector<double> built(70, 0.0);
    for (std::size_t c = 0; c < 2; ++c)
      for (std::size_t k = 0; k < remains.each; ++k) {
        double number = 0;
        for (std::size_t p = 0; p < 35; ++p) number += v[35 * c + p] * remains.measured(k, p);
        for (std::size_t p = 0; p < 35; ++p) built[35 * c + p] += number * remains.pictures(k, p);
      }
    INFO(degradation_name(kind) << ": " << remains.each << " numbers");
    CHECK(remains.each < 35);
    CHECK(largest_difference(built, degraded(*degradation, v, 2)) < 1e-4);
  }
  for (const DegradationKind kind : {DegradationKind::mask, DegradationKind::noise})
    CHECK(degradation_of(kind, odd_shape, 2)->remains()->each == 0);
  // A narrow blur of a large picture leaves more than is worth keeping.
  CHECK(!degradation_of(DegradationKind::blur, {1, 200, 200}, 2)->remains());
}

TEST_CASE("levels and widths that make no sense are refused", "[degradation]") {
  DegradationSettings s = settings_of(DegradationKind::pixelate, odd_shape, 4);
  CHECK_THROWS_WITH(make_degradation(s, "f"), Catch::Contains("f: pixelate leaves one block at "
                                                              "level 3"));
  s.kind = DegradationKind::blur;
  s.blur_min = 5;
  CHECK_THROWS_AS(make_degradation(s, "f"), Error);
  s.levels = 0;
  CHECK_THROWS_AS(make_degradation(s, "f"), Error);
  CHECK_THROWS_WITH(degradation_named("fog", "f"), Catch::Contains("blur, pixelate, mask, noise"));
}
