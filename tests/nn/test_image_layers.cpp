// Layers for images: values against plain loops, gradients against central differences.
#include <numeric>

#include "nn/differences.hpp"
#include "nn/image_layers.hpp"

using namespace pushforward;

namespace {

constexpr int height = 4, width = 6, channels = 3, count = 2;
constexpr int columns = channels * height * width;

Images pictures(Expr rows) { return images_of_rows(rows, height, width); }

// Element (c, y, x) of image n in rows of planes; 0 outside.
double pixel(const Values& rows, int planes, int high, int wide, int n, int c, int y, int x) {
  if (y < 0 || x < 0 || y >= high || x >= wide) return 0;
  return rows[static_cast<std::size_t>(((n * planes + c) * high + y) * wide + x)];
}

void check_equal(const Values& got, const Values& expected, double tolerance = 1e-12) {
  REQUIRE(got.size() == expected.size());
  for (std::size_t i = 0; i < got.size(); ++i) CHECK(std::abs(got[i] - expected[i]) <= tolerance);
}

Values without_parameters(const std::function<Expr(Expr)>& build, const Values& x) {
  return evaluated([&](Scope, Expr rows) { return build(rows); }, ParameterTable(), count, x);
}

}  // namespace

TEST_CASE("images come from rows and go back", "[image_layers]") {
  const Values x = normal_values(count * columns, 4);
  check_equal(without_parameters([](Expr rows) { return rows_of_images(pictures(rows)); }, x), x,
              0);
  const Values inside = without_parameters([](Expr rows) { return pictures(rows).x; }, x);
  std::size_t at = 0;
  for (int n = 0; n < count; ++n)
    for (int y = 0; y < height; ++y)
      for (int i = 0; i < width; ++i)
        for (int c = 0; c < channels; ++c)
          CHECK(inside[at++] == pixel(x, channels, height, width, n, c, y, i));
}

TEST_CASE("a convolution layer is a sum over its window", "[image_layers]") {
  for (const auto& [kernel, stride, high, wide] :
       {std::array<int, 4>{3, 1, 4, 6}, {1, 1, 4, 6}, {3, 2, 4, 6}, {3, 2, 5, 7}, {5, 1, 4, 6}}) {
    INFO(kernel << " " << stride << " " << high);
    constexpr int outputs = 5;
    const Build build = [k = kernel, s = stride, h = high, w = wide](Scope scope, Expr rows) {
      return rows_of_images(convolution_layer(scope, images_of_rows(rows, h, w), outputs,
                                              ConvolutionLayer(k).with_stride(s)));
    };
    const ParameterTable table = moved_parameters(build, count, channels * high * wide);
    const Parameter& weight = *table.find("weight");
    const Parameter& bias = *table.find("bias");
    const Values x = normal_values(static_cast<std::size_t>(count * channels * high * wide), 5);
    Values expected;
    for (int n = 0; n < count; ++n)
      for (int k = 0; k < outputs; ++k)
        for (int y = 0; y < high; y += stride)
          for (int i = 0; i < wide; i += stride) {
            double sum = table.values[bias.offset + std::size_t(k)];
            for (int v = 0; v < kernel; ++v)
              for (int u = 0; u < kernel; ++u)
                for (int c = 0; c < channels; ++c)
                  sum +=
                      pixel(x, channels, high, wide, n, c, y + v - kernel / 2, i + u - kernel / 2) *
                      table.values[weight.offset +
                                   std::size_t(((v * kernel + u) * channels + c) * outputs + k)];
            expected.push_back(sum);
          }
    check_equal(evaluated(build, table, count, x), expected);
  }
}

TEST_CASE("images beside each other are convolved as their concatenation", "[image_layers]") {
  const Build split = [](Scope scope, Expr rows) {
    const Images all = pictures(rows);
    return convolution_layer(
               scope, {all.with(slice_columns(all.x, 0, 1)), all.with(slice_columns(all.x, 1, 2))},
               4)
        .x;
  };
  const Build whole = [](Scope scope, Expr rows) {
    return convolution_layer(scope, pictures(rows), 4).x;
  };
  const ParameterTable parts = moved_parameters(split, count, columns);
  ParameterTable table = moved_parameters(whole, count, columns);
  const Parameter &first = *parts.find("weight_0"), &second = *parts.find("weight_1");
  for (std::size_t tap = 0; tap < 9; ++tap)
    for (std::size_t c = 0; c < 3; ++c)
      for (std::size_t k = 0; k < 4; ++k)
        table.values[table.find("weight")->offset + (tap * 3 + c) * 4 + k] =
            c == 0 ? parts.values[first.offset + tap * 4 + k]
                   : parts.values[second.offset + (tap * 2 + c - 1) * 4 + k];
  for (std::size_t k = 0; k < 4; ++k)
    table.values[table.find("bias")->offset + k] = parts.values[parts.find("bias")->offset + k];
  const Values x = normal_values(count * columns, 6);
  check_equal(evaluated(split, parts, count, x), evaluated(whole, table, count, x));
}

TEST_CASE("group normalisation gives each image's groups mean 0 and variance 1", "[image_layers]") {
  constexpr int planes = 6, group = 3;
  const Build build = [](Scope scope, Expr rows) {
    return rows_of_images(group_norm(scope, images_of_rows(rows, height, width), group));
  };
  ParameterTable table = moved_parameters(build, count, planes * height * width);
  for (int c = 0; c < planes; ++c) {
    table.values[table.find("scale")->offset + std::size_t(c)] = 1;
    table.values[table.find("shift")->offset + std::size_t(c)] = 0;
  }
  Values x = normal_values(count * planes * height * width, 7);
  for (double& v : x) v = 100 + 3 * v;
  const Values y = evaluated(build, table, count, x);
  const std::size_t size = group * height * width;
  for (std::size_t first = 0; first < y.size(); first += size) {
    double mean = 0, square = 0;
    for (std::size_t i = first; i < first + size; ++i) mean += y[i] / double(size);
    for (std::size_t i = first; i < first + size; ++i)
      square += (y[i] - mean) * (y[i] - mean) / double(size);
    CHECK(std::abs(mean) < 1e-10);
    CHECK(square == Approx(1).epsilon(1e-5));
    // A shift and a scale of x.
    CHECK((y[first] - y[first + 1]) / (x[first] - x[first + 1]) ==
          Approx((y[first] - y[first + 5]) / (x[first] - x[first + 5])));
  }
  CHECK(normalization_group(32) == 4);
  CHECK(normalization_group(256) == 8);
  CHECK(normalization_group(6) == 3);
  CHECK(normalization_group(3) == 3);
  CHECK(normalization_group(7) == 1);
}

TEST_CASE("group normalisation in float32 stands a large mean", "[image_layers]") {
  const Build build = [](Scope scope, Expr rows) {
    return rows_of_images(group_norm(scope, pictures(rows), channels));
  };
  const ParameterTable table = moved_parameters(build, count, columns);
  Values x = normal_values(count * columns, 8);
  for (double& v : x) v = double(float(1000 + v));
  Graph graph;
  Binding binding(&graph, &table);
  const Expr in = graph.input("x", count, columns);
  const Expr out = build(Scope(&binding), in);
  Evaluator<float> evaluator({in}, binding.expressions(), {out});
  evaluator.set_parameters(table.values);
  const std::vector<float> narrow(x.begin(), x.end());
  std::vector<float> got(narrow.size());
  evaluator.run(0, {narrow.data()}, {got.data()});
  const Values exact = evaluated(build, table, count, x);
  for (std::size_t i = 0; i < got.size(); ++i) CHECK(std::abs(double(got[i]) - exact[i]) < 1e-3);
}

TEST_CASE("self-attention is a mean of values weighed by likeness", "[image_layers]") {
  constexpr int planes = 8, heads = 2, depth = planes / heads, pixels = height * width;
  const Build build = [](Scope scope, Expr rows) {
    return self_attention(scope, images_of_rows(rows, height, width), heads).x;
  };
  const Build normal = [](Scope scope, Expr rows) {
    return group_norm(scope / "norm", images_of_rows(rows, height, width), 4).x;
  };
  const Build plain = [](Scope, Expr rows) { return images_of_rows(rows, height, width).x; };
  const ParameterTable table = moved_parameters(build, count, planes * pixels);
  const Values x = normal_values(count * planes * pixels, 9);
  const Values h = evaluated(normal, table, count, x), shortcut = evaluated(plain, table, count, x);
  const auto number = [&](const char* name, int i) {
    return table.values[table.find(name)->offset + std::size_t(i)];
  };
  const auto projected = [&](int n, int p, int k) {
    double sum = number("query_key_value/bias", k);
    for (int c = 0; c < planes; ++c)
      sum += h[std::size_t((n * pixels + p) * planes + c)] *
             number("query_key_value/weight", c * 3 * planes + k);
    return sum;
  };
  Values expected = shortcut;
  for (int n = 0; n < count; ++n)
    for (int p = 0; p < pixels; ++p) {
      Values seen(planes);
      for (int head = 0; head < heads; ++head) {
        Values share(pixels);
        double total = 0;
        for (int q = 0; q < pixels; ++q) {
          double dot = 0;
          for (int d = 0; d < depth; ++d)
            dot += projected(n, p, head * depth + d) * projected(n, q, planes + head * depth + d);
          total += share[std::size_t(q)] = std::exp(dot / std::sqrt(double(depth)));
        }
        for (int q = 0; q < pixels; ++q)
          for (int d = 0; d < depth; ++d)
            seen[std::size_t(head * depth + d)] +=
                share[std::size_t(q)] / total * projected(n, q, 2 * planes + head * depth + d);
      }
      for (int k = 0; k < planes; ++k) {
        double sum = number("output/bias", k);
        for (int c = 0; c < planes; ++c)
          sum += seen[std::size_t(c)] * number("output/weight", c * planes + k);
        expected[std::size_t((n * pixels + p) * planes + k)] += sum;
      }
    }
  check_equal(evaluated(build, table, count, x), expected, 1e-10);
}

TEST_CASE("sides are halved and doubled, odd ones too", "[image_layers]") {
  for (const auto& [high, wide] : {std::pair<int, int>{4, 6}, {5, 7}}) {
    const int half_high = (high + 1) / 2, half_wide = (wide + 1) / 2;
    const Values x = normal_values(static_cast<std::size_t>(count * channels * high * wide), 10);
    const Values pooled = without_parameters(
        [h = high, w = wide](Expr rows) {
          return rows_of_images(mean_pool(images_of_rows(rows, h, w)));
        },
        x);
    Values expected;
    for (int n = 0; n < count; ++n)
      for (int c = 0; c < channels; ++c)
        for (int y = 0; y < half_high; ++y)
          for (int i = 0; i < half_wide; ++i) {
            double sum = 0;
            for (int v = 0; v < 2; ++v)
              for (int u = 0; u < 2; ++u)
                sum += pixel(x, channels, high, wide, n, c, 2 * y + v, 2 * i + u);
            expected.push_back(sum / ((2 * y + 1 < high ? 2 : 1) * (2 * i + 1 < wide ? 2 : 1)));
          }
    check_equal(pooled, expected);
    const Values doubled = without_parameters(
        [&, h = high, w = wide](Expr rows) {
          return rows_of_images(nearest_upsample(images_of_rows(rows, half_high, half_wide), h, w));
        },
        pooled);
    std::size_t at = 0;
    for (int n = 0; n < count; ++n)
      for (int c = 0; c < channels; ++c)
        for (int y = 0; y < high; ++y)
          for (int i = 0; i < wide; ++i)
            CHECK(doubled[at++] ==
                  pixel(pooled, channels, half_high, half_wide, n, c, y / 2, i / 2));
  }
}

TEST_CASE("squeezing moves blocks of pixels into channels", "[image_layers]") {
  const Values x = normal_values(count * columns, 11);
  const Values squeezed =
      without_parameters([](Expr rows) { return rows_of_images(squeeze(pictures(rows))); }, x);
  std::size_t at = 0;
  for (int n = 0; n < count; ++n)
    for (int k = 0; k < 4 * channels; ++k)
      for (int y = 0; y < height / 2; ++y)
        for (int i = 0; i < width / 2; ++i) {
          const int block = k / channels;
          CHECK(squeezed[at++] == pixel(x, channels, height, width, n, k % channels,
                                        2 * y + block / 2, 2 * i + block % 2));
        }
  check_equal(without_parameters(
                  [](Expr rows) { return rows_of_images(unsqueeze(squeeze(pictures(rows)))); }, x),
              x, 0);
  const Values board = without_parameters(
      [](Expr rows) {
        return rows + checkerboard(rows.graph(), height, width, channels, true) * 100.0;
      },
      Values(count * columns));
  at = 0;
  for (int n = 0; n < count; ++n)
    for (int y = 0; y < height; ++y)
      for (int i = 0; i < width; ++i)
        for (int c = 0; c < channels; ++c) CHECK(board[at++] == ((y + i) % 2 == 1 ? 100 : 0));
}

TEST_CASE("image layers have the gradients and second gradients they should", "[image_layers]") {
  constexpr int side = 4, planes = 4;
  const auto in = [](Expr rows) { return images_of_rows(rows, side, side); };
  SECTION("convolution") {
    check_gradients(
        [&](Scope scope, Expr rows) { return square(convolution_layer(scope, in(rows), 3).x); }, 2,
        planes * side * side);
  }
  SECTION("convolution, every other pixel") {
    check_gradients(
        [&](Scope scope, Expr rows) {
          return square(
              convolution_layer(scope, in(rows), 3, ConvolutionLayer(3).with_stride(2)).x);
        },
        2, planes * side * side);
  }
  SECTION("group normalisation") {
    check_gradients(
        [&](Scope scope, Expr rows) {
          const Expr told = sum_columns(square(rows));
          const Expr factor = matmul(told, scope.parameter("factor", 1, planes, {}));
          return group_norm(scope, in(rows), 2, factor, square(factor)).x;
        },
        2, planes * side * side);
  }
  SECTION("attention") {
    check_gradients([&](Scope scope, Expr rows) { return self_attention(scope, in(rows), 2).x; }, 2,
                    planes * side * side);
  }
  SECTION("pooling, doubling, squeezing") {
    check_gradients(
        [&](Scope, Expr rows) {
          const Images small = mean_pool(in(rows));
          const Images large = nearest_upsample(small.with(square(small.x)), side, side);
          return square(unsqueeze(squeeze(large.with(large.x * in(rows).x))).x);
        },
        2, planes * side * side);
  }
}
