// The U-Net: what it starts as, that it sees everything, gradients, odd sides, dropout.
#include "nn/differences.hpp"
#include "nn/unet.hpp"

using namespace pushforward;

namespace {

UnetShape small_shape(int height, int width) {
  UnetShape shape;
  shape.height = height;
  shape.width = width;
  shape.channels = 4;
  shape.multipliers = {1, 2};
  shape.blocks = 1;
  shape.attention = {(std::max(height, width) + 1) / 2};
  shape.heads = 2;
  return shape;
}

// Of rows [image | level feature | label of two classes].
Build network(const UnetShape& shape, int channels) {
  return [shape, channels](Scope scope, Expr rows) {
    const int image = channels * shape.height * shape.width;
    Conditioning told;
    told.level = slice_columns(rows, image, 1);
    told.label = slice_columns(rows, image + 1, 2);
    return conditional_network(scope, slice_columns(rows, 0, image), told, image, {0, 0, shape});
  };
}

}  // namespace

TEST_CASE("a U-Net starts as 0 and sees every number it is given", "[unet]") {
  for (const auto& [height, width, channels] :
       {std::array<int, 3>{4, 4, 1}, {7, 5, 3}, {6, 4, 1}}) {
    const UnetShape shape = small_shape(height, width);
    REQUIRE(unet_complaint(shape).empty());
    const Build build = network(shape, channels);
    const int columns = channels * height * width + 3;
    ParameterTable start;
    {
      Graph graph;
      Binding binding(&graph, &start, 1);
      (void)build(Scope(&binding), graph.input("x", 1, columns));
    }
    const Values x = normal_values(static_cast<std::size_t>(2 * columns), 3);
    for (const double v : evaluated(build, start, 2, x)) CHECK(v == 0);
    // With other weights, every number of the first row moves some number of its own output and
    // none of the second's.
    const ParameterTable table = moved_parameters(build, 2, columns);
    const Values before = evaluated(build, table, 2, x);
    const std::size_t size = before.size() / 2;
    for (int j = 0; j < columns; j += j < columns - 4 ? 5 : 1) {
      Values other = x;
      other[std::size_t(j)] += 0.5;
      const Values after = evaluated(build, table, 2, other);
      double moved = 0;
      for (std::size_t i = 0; i < size; ++i)
        moved = std::max(moved, std::abs(after[i] - before[i]));
      CHECK(moved > 1e-9);
      for (std::size_t i = size; i < 2 * size; ++i) CHECK(after[i] == before[i]);
    }
  }
}

TEST_CASE("a U-Net has the gradients it should", "[unet]") {
  const UnetShape shape = small_shape(4, 4);
  check_gradients(network(shape, 1), 2, 16 + 3, 12);
}

TEST_CASE("told the same for all rows, a U-Net says the same as told it row by row", "[unet]") {
  const UnetShape shape = small_shape(4, 4);
  const auto build = [&](bool once) -> Build {
    return [&shape, once](Scope scope, Expr rows) {
      Conditioning told;
      const Expr level = scope.graph().constant(0.3);
      told.level = once ? level : broadcast(level, rows.rows(), 1);
      return conditional_network(scope, rows, told, 16, {0, 0, shape});
    };
  };
  const ParameterTable table = moved_parameters(build(true), 2, 16);
  const Values x = normal_values(32, 4);
  const Values a = evaluated(build(true), table, 2, x), b = evaluated(build(false), table, 2, x);
  for (std::size_t i = 0; i < a.size(); ++i) CHECK(a[i] == Approx(b[i]).epsilon(1e-12));
}

TEST_CASE("dropout takes the uniform numbers it says, and leaves the mean", "[unet]") {
  UnetShape shape = small_shape(4, 4);
  CHECK(unet_uniforms(shape) == 0);
  shape.dropout = 0.5;
  const int uniforms = unet_uniforms(shape);
  // Three blocks of 4 channels at side 4, three and the two of the middle of 8 at side 2.
  CHECK(uniforms == 3 * 4 * 16 + 5 * 8 * 4);
  const Build build = [&](Scope scope, Expr rows) {
    Conditioning told;
    told.uniforms = slice_columns(rows, 16, uniforms);
    return conditional_network(scope, slice_columns(rows, 0, 16), told, 16, {0, 0, shape});
  };
  const ParameterTable table = moved_parameters(build, 1, 16 + uniforms);
  Values x = normal_values(static_cast<std::size_t>(16 + uniforms), 5);
  // Each one decides something.
  std::fill(x.begin() + 16, x.end(), 0.75);
  const Values kept = evaluated(build, table, 1, x);
  for (int j = 0; j < uniforms; j += 7) {
    Values other = x;
    other[std::size_t(16 + j)] = 0.25;
    CHECK(evaluated(build, table, 1, other) != kept);
  }
}

TEST_CASE("features of a U-Net are means over the pixels of a level", "[unet]") {
  const UnetShape shape = small_shape(6, 4);
  const ConditionalShape conditional{0, 0, shape};
  CHECK(hidden_layers(conditional) == 2);
  for (int layer = 1; layer <= 2; ++layer) {
    const Build build = [&](Scope scope, Expr rows) {
      return conditional_hidden(scope, rows, {}, layer, conditional);
    };
    const ParameterTable table = moved_parameters(build, 3, 24);
    CHECK(evaluated(build, table, 3, normal_values(72, 6)).size() == 3 * 4 * std::size_t(layer));
  }
}

TEST_CASE("shapes that cannot be are told what could", "[unet]") {
  UnetShape shape = small_shape(28, 28);
  shape.multipliers = {1, 2, 2};
  shape.attention = {14, 7};
  CHECK(unet_complaint(shape).empty());
  shape.attention = {16};
  CHECK(unet_complaint(shape) == "no level has the side 16 for attention; theirs are 28, 14, 7");
  shape.attention = {14};
  shape.heads = 3;
  CHECK(unet_complaint(shape) == "8 channels at side 14 do not divide into 3 heads");
  shape.heads = 1;
  shape.multipliers = {1, 1, 1, 1, 1, 1, 1};
  CHECK(unet_complaint(shape) == "images of 28 x 28 halve 5 times at most, not 6");
}

TEST_CASE("a lane of a U-Net is a function of its shape", "[unet]") {
  UnetShape shape = small_shape(32, 32);
  shape.channels = 32;
  CHECK(network_lane_rows({0, 0, shape}, 128) == 8);
  shape.channels = 4096;
  CHECK(network_lane_rows({0, 0, shape}, 128) == 1);
  CHECK(network_lane_rows({128, 3, std::nullopt}, 128) == 128);
}
