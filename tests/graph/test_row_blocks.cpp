// Operators on blocks of rows, and gathers of runs: their values, and what a plan makes of them.
#include <algorithm>
#include <catch2/catch.hpp>
#include <string>

#include "graph/convolution.hpp"
#include "graph/convolution_shapes.hpp"
#include "graph/evaluate.hpp"

using namespace pushforward;

namespace {

std::string profile_of(const std::vector<Expr>& inputs, Expr y) {
  return Plan<float>(inputs, {}, {y}).profile(1);
}

bool mentions(const std::string& text, const std::string& word) {
  return text.find(word) != std::string::npos;
}

}  // namespace

TEST_CASE("sums over blocks and their repetition", "[blocks]") {
  Graph graph;
  const Expr x = graph.input("x", 12, 5), few = graph.input("few", 4, 5);
  const auto vx = normal_numbers<double>(60, 1), vf = normal_numbers<double>(20, 2);
  const std::vector<double> sums = evaluate<double>(sum_row_blocks(x, 3), {x}, {vx});
  const std::vector<double> many = evaluate<double>(repeat_rows(few, 3), {few}, {vf});
  for (std::size_t i = 0; i < 4; ++i)
    for (std::size_t c = 0; c < 5; ++c) {
      CHECK(sums[i * 5 + c] == vx[15 * i + c] + vx[15 * i + 5 + c] + vx[15 * i + 10 + c]);
      for (std::size_t k = 0; k < 3; ++k) CHECK(many[(3 * i + k) * 5 + c] == vf[i * 5 + c]);
    }
  CHECK(sum_row_blocks(x, 1) == x);
  CHECK(sum_row_blocks(repeat_rows(few, 3), 3) == 3.0 * few);
  CHECK(exp(repeat_rows(few, 3)) == repeat_rows(exp(few), 3));
  CHECK_THROWS_AS(sum_row_blocks(x, 5), std::invalid_argument);
  CHECK_THROWS_AS(reshape(x, 7, 9), std::invalid_argument);
}

TEST_CASE("a binary step reads a repeated operand as it is", "[blocks]") {
  Graph graph;
  const Expr x = graph.input("x", 12, 5), few = graph.input("few", 4, 5);
  const Expr fewer = graph.input("fewer", 2, 1);
  const auto vx = normal_numbers<float>(60, 1), vf = normal_numbers<float>(20, 2),
             vg = normal_numbers<float>(2, 3);
  // A column, an operand on either side, two repetitions of one sum, in place and not.
  const Expr y = (repeat_rows(few, 3) - tanh(x)) * repeat_rows(fewer, 6);
  CHECK_FALSE(mentions(profile_of({x, few, fewer}, y), "repeat_rows"));
  const Expr z = repeat_rows(few, 3) / repeat_rows(fewer, 6);
  const auto got_y = evaluate<float>(y, {x, few, fewer}, {vx, vf, vg});
  const auto got_z = evaluate<float>(z, {few, fewer}, {vf, vg});
  const auto t = evaluate<float>(tanh(x), {x}, {vx});
  for (std::size_t r = 0; r < 12; ++r)
    for (std::size_t c = 0; c < 5; ++c) {
      CHECK(got_y[r * 5 + c] == (vf[r / 3 * 5 + c] - t[r * 5 + c]) * vg[r / 6]);
      CHECK(got_z[r * 5 + c] == vf[r / 3 * 5 + c] / vg[r / 6]);
    }
}

TEST_CASE("a reshape costs nothing, and keeps bias and column apart", "[blocks]") {
  Graph graph;
  const Expr x = graph.input("x", 6, 6), w = graph.input("w", 6, 6), b = graph.input("b", 1, 6);
  const Expr y = reshape(exp(reshape(x, 4, 9)), 12, 3);
  const std::string profile = profile_of({x}, y);
  CHECK(mentions(profile, "exp 4x9"));
  CHECK_FALSE(mentions(profile, "copy"));
  const auto vx = normal_numbers<double>(36, 1), vw = normal_numbers<double>(36, 2),
             vb = normal_numbers<double>(6, 3);
  const auto product = evaluate<double>(matmul(x, w), {x, w}, {vx, vw});
  const auto column = evaluate<double>(matmul(x, w) + reshape(b, 6, 1), {x, w, b}, {vx, vw, vb});
  for (std::size_t i = 0; i < 36; ++i) CHECK(column[i] == product[i] + vb[i / 6]);
  // An input and a parameter reshaped, and put out as they are.
  CHECK(evaluate<double>(reshape(x, 9, 4), {x}, {vx}) == vx);
}

TEST_CASE("batched products are products of the blocks", "[blocks]") {
  for (const int m : {1, 2, 7, 40})
    for (const int n : {1, 3, 16})
      for (const int k : {1, 2, 5, 33}) {
        INFO(m << " " << n << " " << k);
        const int batches = 3;
        Graph graph;
        const Expr a = graph.input("a", batches * m, k), b = graph.input("b", batches * k, n);
        const Expr one_a = graph.input("one a", m, k), one_b = graph.input("one b", k, n);
        const Expr a_turned = graph.input("at", batches * k, m), one_at = graph.input("", k, m);
        const Expr b_turned = graph.input("bt", batches * n, k), one_bt = graph.input("", n, k);
        const auto sa = std::size_t(m * k), sb = std::size_t(k * n);
        const auto va = normal_numbers<float>(3 * sa, 1), vb = normal_numbers<float>(3 * sb, 2);
        const auto plain = evaluate<float>(batched_matmul(a, b, batches), {a, b}, {va, vb});
        const auto left = evaluate<float>(batched_matmul_transposed(a_turned, b, batches),
                                          {a_turned, b}, {va, vb});
        const auto right = evaluate<float>(batched_matmul_by_transposed(a, b_turned, batches),
                                           {a, b_turned}, {va, vb});
        std::vector<float> each, each_left, each_right;
        const auto append = [](std::vector<float>* all, const std::vector<float>& more) {
          all->insert(all->end(), more.begin(), more.end());
        };
        for (std::size_t i = 0; i < 3; ++i) {
          const std::vector<float> pa(va.begin() + long(i * sa), va.begin() + long((i + 1) * sa));
          const std::vector<float> pb(vb.begin() + long(i * sb), vb.begin() + long((i + 1) * sb));
          append(&each, evaluate<float>(matmul(one_a, one_b), {one_a, one_b}, {pa, pb}));
          append(&each_left,
                 evaluate<float>(matmul_transposed(one_at, one_b), {one_at, one_b}, {pa, pb}));
          append(&each_right,
                 evaluate<float>(matmul(one_a, transpose(one_bt)), {one_a, one_bt}, {pa, pb}));
        }
        CHECK((plain == each));
        CHECK((left == each_left));
        CHECK((right == each_right));
      }
}

TEST_CASE("gathers and scatters of runs move what single columns would", "[blocks]") {
  // Squeezing 4 x 4 pixels of 6 channels: lines of two pixels, two lines beside each other.
  std::vector<int> squeeze;
  for (int pixel = 0; pixel < 2; ++pixel)
    for (int line = 0; line < 2; ++line)
      for (int j = 0; j < 12; ++j) squeeze.push_back(line * 24 + pixel * 12 + j);
  std::vector<int> twice = squeeze;  // columns used more than once
  std::copy_n(squeeze.begin(), 12, twice.begin() + 20);
  for (const std::vector<int>& index : {squeeze, twice}) {
    Graph graph;
    const int n = static_cast<int>(index.size());
    const Expr x = graph.input("x", 3, 48), y = graph.input("y", 3, n);
    const auto vx = normal_numbers<double>(144, 1);
    const auto vy = normal_numbers<double>(3 * index.size(), 2);
    const auto gathered = evaluate<double>(gather_columns(x, index), {x}, {vx});
    const auto scattered = evaluate<double>(scatter_columns(y, index, 50), {y}, {vy});
    std::vector<double> expected(150);
    for (std::size_t r = 0; r < 3; ++r)
      for (std::size_t j = 0; j < index.size(); ++j) {
        CHECK(gathered[r * index.size() + j] == vx[r * 48 + std::size_t(index[j])]);
        expected[r * 50 + std::size_t(index[j])] += vy[r * index.size() + j];
      }
    CHECK((scattered == expected));
  }
}

TEST_CASE("a convolution in a plan, with its bias in the same step", "[blocks]") {
  const ConvolutionGeometry g{5, 6, 3, 3, 2, 1, 1, 1, 0};
  Graph graph;
  const Expr x = graph.input("x", 2 * 30, 4), w = graph.parameter("w", 36, 7);
  const Expr b = graph.parameter("b", 1, 7), c = graph.parameter("c", 1, 4);
  const Expr y = convolution(g, x, w) + b, z = convolution_back(g, y, w) + c;
  REQUIRE(y.rows() == 2 * g.out_height() * g.out_width());
  REQUIRE(z.rows() == x.rows());
  Evaluator<double> evaluator({x}, {w, b, c}, {y, z});
  CHECK_FALSE(mentions(evaluator.plan().profile(1), "add"));
  const std::vector<double> parameters = normal_numbers<double>(36 * 7 + 7 + 4, 1);
  evaluator.set_parameters(parameters);
  const auto in = normal_numbers<double>(240, 2);
  std::vector<double> out(std::size_t(y.rows() * 7)), back(240);
  evaluator.run(0, {in.data()}, {out.data(), back.data()});
  const ConvolutionShape s{5, 6, 4, 3, 3, 7, 3, 3, 2, 1, 1};
  std::vector<double> expected(out.size()), expected_back(240);
  kernels<double>().convolution(s, 2, in.data(), 4, parameters.data(), parameters.data() + 252,
                                false, expected.data(), 7);
  kernels<double>().convolution_back(s, 2, expected.data(), 7, parameters.data(),
                                     parameters.data() + 259, expected_back.data(), 4);
  CHECK((out == expected));
  CHECK((back == expected_back));
  CHECK_THROWS_AS(convolution(g, w, w), std::invalid_argument);
  CHECK_THROWS_AS(convolution(ConvolutionGeometry{2, 2, 3, 3}, graph.input("", 4, 1), w),
                  std::invalid_argument);
}
