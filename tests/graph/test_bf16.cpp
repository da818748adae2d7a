// Products in bfloat16: the rounding, and both ways of making them.
#include <algorithm>
#include <array>
#include <catch2/catch.hpp>
#include <cmath>
#include <vector>

#include "base/random.hpp"
#include "graph/bf16.hpp"
#include "graph/convolution_shapes.hpp"

using namespace pushforward;

namespace {

std::vector<float> normals(std::size_t count, std::uint64_t seed) {
  std::vector<float> x(count);
  Random(seed, Stream::evaluation).fill_normal(x.data(), 1, count, 0);
  return x;
}

double distance(const std::vector<float>& a, const std::vector<float>& b) {
  double worst = 0;
  for (std::size_t i = 0; i < a.size(); ++i)
    worst = std::max(worst, std::abs(double(a[i]) - double(b[i])));
  return worst;
}

// All products of a table of kernels on odd shapes, one after another.
std::vector<float> products_of(const Kernels<float>& table, bool round) {
  std::vector<float> all;
  for (const auto& [m, n, k] : std::vector<std::array<std::size_t, 3>>{
           {3, 5, 4}, {40, 150, 31}, {128, 130, 200}, {1, 7, 9}, {7, 2, 9}}) {
    std::vector<float> a = normals(m * k, 1), b = normals(k * n, 2), bias = normals(n, 3);
    if (round && m > 2 && n > 2 && k > 2) {
      for (float& x : a) x = rounded_to_bf16(x);
      for (float& x : b) x = rounded_to_bf16(x);
    }
    std::vector<float> out(m * n);
    const auto keep = [&] { all.insert(all.end(), out.begin(), out.end()); };
    table.matmul(m, n, k, a.data(), k, 1, b.data(), bias.data(), out.data());
    keep();
    table.matmul(m, n, k, a.data(), 1, m, b.data(), nullptr, out.data());
    keep();
    if (m <= 2 || n <= 2) continue;
    std::vector<int> begin(n), end(n);
    for (std::size_t j = 0; j < n; ++j) {
      begin[j] = static_cast<int>(j * k / (3 * n));
      end[j] = static_cast<int>(j * k / n);
    }
    table.masked_matmul(m, n, k, a.data(), b.data(), bias.data(), 1, begin.data(), end.data(),
                        out.data());
    keep();
    if (k % 2 == 0) {
      for (int& e : end) e /= 2;
      for (int& e : begin) e /= 2;
      table.masked_matmul(m, n, k, a.data(), b.data(), nullptr, 2, begin.data(), end.data(),
                          out.data());
      keep();
    }
    std::vector<int> rows(n);
    for (std::size_t j = 0; j < n; ++j) rows[j] = static_cast<int>(j * m / n);
    table.masked_outer(m, n, k, a.data(), b.data(), 1, rows.data(), out.data());
    keep();
  }
  return all;
}

// The convolution family of a table on all test shapes, one result after another; each over the
// root of the number of its terms.
std::vector<float> convolutions_of(const Kernels<float>& table, bool round) {
  const std::size_t images = 2;
  std::vector<float> all;
  for (const ConvolutionShape& s : convolution_shapes()) {
    std::vector<float> x = normals(images * pixels(s) * s.channels, 1);
    std::vector<float> w = normals(weight_rows(s) * s.out_channels, 2);
    std::vector<float> y = normals(images * out_pixels(s) * s.out_channels, 3);
    const std::vector<float> bias = normals(s.out_channels, 4), back_bias = normals(s.channels, 5);
    if (round)
      for (auto* numbers : {&x, &w, &y})
        for (float& number : *numbers) number = rounded_to_bf16(number);
    std::vector<float> out(y.size()), back(x.size()), weights(w.size());
    const auto keep = [&all](const std::vector<float>& numbers, std::size_t terms) {
      for (const float number : numbers) all.push_back(number / std::sqrt(float(terms)));
    };
    for (const bool relu : {false, true}) {
      table.convolution(s, images, x.data(), s.channels, w.data(), relu ? nullptr : bias.data(),
                        relu, out.data(), s.out_channels);
      keep(out, weight_rows(s));
    }
    table.convolution_back(s, images, y.data(), s.out_channels, w.data(), back_bias.data(),
                           back.data(), s.channels);
    keep(back, s.kernel_height * s.kernel_width * s.out_channels);
    table.convolution_weights(s, images, x.data(), s.channels, y.data(), s.out_channels,
                              weights.data());
    keep(weights, images * out_pixels(s));
  }
  return all;
}

}  // namespace

TEST_CASE("bfloat16 keeps eight bits, ties to even", "[bf16]") {
  CHECK(rounded_to_bf16(1.0f) == 1.0f);
  CHECK(rounded_to_bf16(1.00390625f) == 1.0f);       // half of the last bit: to even
  CHECK(rounded_to_bf16(1.01171875f) == 1.015625f);  // likewise, upwards
  CHECK(rounded_to_bf16(1.004f) == 1.0078125f);
  CHECK(rounded_to_bf16(-3.0e38f) == Approx(-3.0e38f).epsilon(0.004));
  CHECK(rounded_to_bf16(0.0f) == 0.0f);
  CHECK(std::isinf(rounded_to_bf16(INFINITY)));
  CHECK(std::isnan(rounded_to_bf16(NAN)));
  for (const float x : normals(1000, 5))
    CHECK(std::abs(rounded_to_bf16(x) - x) <= std::abs(x) / 256);
}

TEST_CASE("rounded products are the float products of rounded numbers", "[bf16]") {
  CHECK(products_of(bf16_kernels(Bf16Products::rounded), false) ==
        products_of(kernels<float>(), true));
}

TEST_CASE("oneDNN's products are the toolkit's", "[bf16]") {
  // The same calls with float operands run on every processor.
  CHECK(distance(products_of(onednn_kernels(onednn::Operands::floats), false),
                 products_of(kernels<float>(), false)) < 1e-4);
  if (bf16_products() == Bf16Products::amx)
    CHECK(distance(products_of(bf16_kernels(Bf16Products::amx), false),
                   products_of(kernels<float>(), true)) < 1e-3);
}

TEST_CASE("rounded convolutions are the float convolutions of rounded numbers", "[bf16]") {
  CHECK((convolutions_of(bf16_kernels(Bf16Products::rounded), false) ==
         convolutions_of(kernels<float>(), true)));
}

TEST_CASE("oneDNN's convolutions are the toolkit's", "[bf16]") {
  CHECK(distance(convolutions_of(onednn_kernels(onednn::Operands::floats), false),
                 convolutions_of(kernels<float>(), false)) < 1e-5);
  if (bf16_products() == Bf16Products::amx)
    CHECK(distance(convolutions_of(bf16_kernels(Bf16Products::amx), false),
                   convolutions_of(kernels<float>(), true)) < 1e-4);
}
