// The kernels of the convolution family against plain loops, and what their contract promises.
#include <catch2/catch.hpp>
#include <cmath>

#include "base/instruction_set.hpp"
#include "graph/convolution_shapes.hpp"

using namespace pushforward;

namespace {

std::string name_of(const ConvolutionShape& s) {
  return std::to_string(s.height) + "x" + std::to_string(s.width) + "x" +
         std::to_string(s.channels) + " to " + std::to_string(s.out_channels) + ", kernel " +
         std::to_string(s.kernel_height) + "x" + std::to_string(s.kernel_width) + ", stride " +
         std::to_string(s.stride);
}

// The largest difference from `expected`, over the size of a sum of `terms` normal products.
template <class T>
double error(const std::vector<T>& got, const std::vector<double>& expected, std::size_t terms) {
  double worst = 0;
  for (std::size_t i = 0; i < expected.size(); ++i)
    worst = std::max(worst, std::abs(double(got[i]) - expected[i]));
  return worst / std::sqrt(double(terms));
}

template <class T>
double tolerance() {
  return sizeof(T) == 4 ? 1e-5 : 2e-14;
}

template <class T>
struct Operands {
  std::vector<T> in, weights, bias, out;  // out: an adjoint of the result
  Operands(const ConvolutionShape& s, std::size_t images)
      : in(normal_numbers<T>(images * pixels(s) * s.channels, 1)),
        weights(normal_numbers<T>(weight_rows(s) * s.out_channels, 2)),
        bias(normal_numbers<T>(s.out_channels, 3)),
        out(normal_numbers<T>(images * out_pixels(s) * s.out_channels, 4)) {}
};

// Rows of `columns` numbers as the middle of rows of `stride` numbers.
template <class T>
std::vector<T> spread_out(const std::vector<T>& x, std::size_t columns, std::size_t stride) {
  std::vector<T> wide(x.size() / columns * stride, T(-7));
  for (std::size_t i = 0; i < x.size(); ++i) wide[i / columns * stride + 1 + i % columns] = x[i];
  return wide;
}

}  // namespace

TEMPLATE_TEST_CASE("a convolution is what four loops compute", "[convolution]", float, double) {
  const std::size_t images = 3;
  for (const ConvolutionShape& s : convolution_shapes()) {
    INFO(name_of(s));
    const Operands<TestType> given(s, images);
    const std::size_t size = images * out_pixels(s) * s.out_channels;
    std::vector<double> expected(size);
    for (std::size_t i = 0; i < size; ++i) expected[i] = double(given.bias[i % s.out_channels]);
    for_each_meeting(s, images, [&](std::size_t from, std::size_t to, std::size_t tap) {
      for (std::size_t c = 0; c < s.channels; ++c)
        for (std::size_t k = 0; k < s.out_channels; ++k)
          expected[to * s.out_channels + k] +=
              double(given.in[from * s.channels + c]) *
              double(given.weights[(tap * s.channels + c) * s.out_channels + k]);
    });
    std::vector<TestType> out(size);
    const auto& kernel = kernels<TestType>();
    kernel.convolution(s, images, given.in.data(), s.channels, given.weights.data(),
                       given.bias.data(), false, out.data(), s.out_channels);
    CHECK(error(out, expected, weight_rows(s)) < tolerance<TestType>());

    // Columns of wider matrices give the same bits, and what stands beside them is left alone.
    const std::size_t in_stride = s.channels + 2, out_stride = s.out_channels + 3;
    const std::vector<TestType> wide = spread_out(given.in, s.channels, in_stride);
    std::vector<TestType> wide_out(images * out_pixels(s) * out_stride, TestType(-7));
    kernel.convolution(s, images, wide.data() + 1, in_stride, given.weights.data(),
                       given.bias.data(), false, wide_out.data() + 1, out_stride);
    CHECK((wide_out == spread_out(out, s.out_channels, out_stride)));

    std::vector<TestType> rectified(size);
    kernel.convolution(s, images, given.in.data(), s.channels, given.weights.data(),
                       given.bias.data(), true, rectified.data(), s.out_channels);
    for (TestType& x : out) x = std::max(x, TestType(0));
    CHECK((rectified == out));
  }
}

TEMPLATE_TEST_CASE("the adjoints of a convolution are what loops compute", "[convolution]", float,
                   double) {
  const std::size_t images = 3;
  const auto& kernel = kernels<TestType>();
  for (const ConvolutionShape& s : convolution_shapes()) {
    INFO(name_of(s));
    const Operands<TestType> given(s, images);
    const std::size_t c_count = s.channels, k_count = s.out_channels;
    const std::vector<TestType> bias = normal_numbers<TestType>(c_count, 5);
    std::vector<double> back(given.in.size()), weights(given.weights.size());
    for (std::size_t i = 0; i < back.size(); ++i) back[i] = double(bias[i % c_count]);
    for_each_meeting(s, images, [&](std::size_t from, std::size_t to, std::size_t tap) {
      for (std::size_t c = 0; c < c_count; ++c)
        for (std::size_t k = 0; k < k_count; ++k) {
          const std::size_t w = (tap * c_count + c) * k_count + k;
          const double adjoint = double(given.out[to * k_count + k]);
          back[from * c_count + c] += adjoint * double(given.weights[w]);
          weights[w] += adjoint * double(given.in[from * c_count + c]);
        }
    });
    std::vector<TestType> got_back(back.size()), got_weights(weights.size());
    kernel.convolution_back(s, images, given.out.data(), k_count, given.weights.data(), bias.data(),
                            got_back.data(), c_count);
    kernel.convolution_weights(s, images, given.in.data(), c_count, given.out.data(), k_count,
                               got_weights.data());
    CHECK(error(got_back, back, s.kernel_height * s.kernel_width * k_count) <
          tolerance<TestType>());
    CHECK(error(got_weights, weights, images * out_pixels(s)) < tolerance<TestType>());

    // Columns of wider matrices.
    const std::size_t in_stride = c_count + 2, out_stride = k_count + 3;
    const std::vector<TestType> wide_out = spread_out(given.out, k_count, out_stride);
    const std::vector<TestType> wide_in = spread_out(given.in, c_count, in_stride);
    std::vector<TestType> wide_back(images * pixels(s) * in_stride, TestType(-7));
    std::vector<TestType> again(weights.size());
    kernel.convolution_back(s, images, wide_out.data() + 1, out_stride, given.weights.data(),
                            bias.data(), wide_back.data() + 1, in_stride);
    kernel.convolution_weights(s, images, wide_in.data() + 1, in_stride, wide_out.data() + 1,
                               out_stride, again.data());
    CHECK((wide_back == spread_out(got_back, c_count, in_stride)));
    CHECK((again == got_weights));
  }
}

TEST_CASE("an image's result does not depend on the images beside it", "[convolution]") {
  const auto& kernel = kernels<float>();
  for (const ConvolutionShape& s : convolution_shapes()) {
    INFO(name_of(s));
    const std::size_t images = 5;
    const std::size_t in_size = pixels(s) * s.channels, out_size = out_pixels(s) * s.out_channels;
    const Operands<float> given(s, images);
    std::vector<float> out(images * out_size), in(images * in_size);
    const auto run = [&](std::size_t first, std::size_t count) {
      kernel.convolution(s, count, given.in.data() + first * in_size, s.channels,
                         given.weights.data(), nullptr, false, out.data() + first * out_size,
                         s.out_channels);
      kernel.convolution_back(s, count, given.out.data() + first * out_size, s.out_channels,
                              given.weights.data(), nullptr, in.data() + first * in_size,
                              s.channels);
    };
    run(0, images);
    const std::vector<float> out_together = out, in_together = in;
    for (std::size_t image = 0; image < images; ++image) run(image, 1);
    CHECK((out == out_together));
    CHECK((in == in_together));
  }
}

TEMPLATE_TEST_CASE("the family is chains of multiply-adds on every instruction set",
                   "[convolution]", float, double) {
  if (instruction_set() == InstructionSet::baseline) return;  // multiplies and adds apart
  std::vector<Kernels<TestType>> sets(1);
  avx2::add_convolution_kernels(&sets[0]);
  avx2::add_convolution_weights_kernels(&sets[0]);
  if (instruction_set() == InstructionSet::avx512) {
    avx512::add_convolution_kernels(&sets.emplace_back());
    avx512::add_convolution_weights_kernels(&sets.back());
  }
  for (const ConvolutionShape& s : convolution_shapes()) {
    INFO(name_of(s));
    const Operands<TestType> given(s, 2);
    std::vector<TestType> chain(given.out.size()), weights(given.weights.size());
    for (std::size_t i = 0; i < chain.size(); ++i) chain[i] = given.bias[i % s.out_channels];
    for_each_meeting(s, 2, [&](std::size_t from, std::size_t to, std::size_t tap) {
      for (std::size_t k = 0; k < s.out_channels; ++k) {
        TestType& sum = chain[to * s.out_channels + k];
        for (std::size_t c = 0; c < s.channels; ++c) {
          const std::size_t w = (tap * s.channels + c) * s.out_channels + k;
          const TestType x = given.in[from * s.channels + c];
          sum = std::fma(x, given.weights[w], sum);
          weights[w] = std::fma(x, given.out[to * s.out_channels + k], weights[w]);
        }
      }
    });
    for (const Kernels<TestType>& set : sets) {
      std::vector<TestType> out(chain.size()), out_weights(weights.size());
      set.convolution(s, 2, given.in.data(), s.channels, given.weights.data(), given.bias.data(),
                      false, out.data(), s.out_channels);
      set.convolution_weights(s, 2, given.in.data(), s.channels, given.out.data(), s.out_channels,
                              out_weights.data());
      CHECK((out == chain));
      CHECK((out_weights == weights));
    }
  }
}

namespace {

// Odd sides, paddings of all kinds, channels that fill no register, several blocks of tiles and of
// depth.
std::vector<ConvolutionShape> winograd_shapes() {
  std::vector<ConvolutionShape> shapes;
  for (const std::size_t channels : {8, 13, 32})
    for (const std::size_t out_channels : {8, 21, 64})
      shapes.push_back(convolution_shape(7, 6, channels, out_channels, 3, 3, 1, 1, 1));
  for (const std::size_t pad : {0, 1, 2})
    shapes.push_back(convolution_shape(6, 9, 16, 16, 3, 3, 1, pad, 2 - pad));
  shapes.push_back(convolution_shape(3, 1, 9, 8, 3, 3, 1, 1, 1));
  shapes.push_back(convolution_shape(6, 5, 300, 20, 3, 3, 1, 1, 1));
  shapes.push_back(convolution_shape(5, 4, 16, 300, 3, 3, 1, 1, 1));
  shapes.push_back(convolution_shape(32, 28, 16, 24, 3, 3, 1, 1, 1));
  return shapes;
}

// The three kernels on some images, with the biases of `given` and of `back_bias`.
struct Winograd {
  std::vector<float> out, in, weights;

  Winograd(const Kernels<float>& kernel, const ConvolutionShape& s, const Operands<float>& given,
           const std::vector<float>& back_bias, std::size_t first, std::size_t images)
      : out(images * out_pixels(s) * s.out_channels),
        in(images * pixels(s) * s.channels),
        weights(given.weights.size()) {
    // Numbers that are no numbers: nothing of the scratch may be read before it is written.
    std::vector<float> scratch(
        std::max(kernel.winograd_scratch(s, false), kernel.winograd_scratch(s, true)), NAN);
    const float* const x = given.in.data() + first * pixels(s) * s.channels;
    const float* const y = given.out.data() + first * out_pixels(s) * s.out_channels;
    kernel.winograd(s, images, x, given.weights.data(), given.bias.data(), out.data(),
                    scratch.data());
    kernel.winograd_back(s, images, y, given.weights.data(), back_bias.data(), in.data(),
                         scratch.data());
    kernel.winograd_weights(s, images, x, y, weights.data(), scratch.data());
  }
};

double root_mean_square(const std::vector<float>& x, const std::vector<double>& truth) {
  double sum = 0;
  for (std::size_t i = 0; i < x.size(); ++i) sum += std::pow(double(x[i]) - truth[i], 2);
  return std::sqrt(sum / double(x.size()));
}

}  // namespace

TEST_CASE("Winograd's convolutions are the direct ones", "[convolution]") {
  const std::size_t images = 3;
  const auto& exact = kernels<double>();
  const auto& direct = kernels<float>();
  for (const ConvolutionShape& s : winograd_shapes()) {
    INFO(name_of(s));
    const Operands<double> given(s, images);
    const std::vector<double> bias = normal_numbers<double>(s.channels, 5);
    std::vector<double> out(given.out.size()), in(given.in.size()), weights(given.weights.size());
    exact.convolution(s, images, given.in.data(), s.channels, given.weights.data(),
                      given.bias.data(), false, out.data(), s.out_channels);
    exact.convolution_back(s, images, given.out.data(), s.out_channels, given.weights.data(),
                           bias.data(), in.data(), s.channels);
    exact.convolution_weights(s, images, given.in.data(), s.channels, given.out.data(),
                              s.out_channels, weights.data());
    const Operands<float> rounded(s, images);  // the same numbers
    const std::vector<float> rounded_bias = normal_numbers<float>(s.channels, 5);
    const Winograd got(direct, s, rounded, rounded_bias, 0, images);
    CHECK(error(got.out, out, weight_rows(s)) < 1e-5);
    CHECK(error(got.in, in, 9 * s.out_channels) < 1e-5);
    CHECK(error(got.weights, weights, images * out_pixels(s)) < 1e-5);

    // On average they are off by no more than three times what the direct ones are.
    std::vector<float> plain(out.size());
    direct.convolution(s, images, rounded.in.data(), s.channels, rounded.weights.data(),
                       rounded.bias.data(), false, plain.data(), s.out_channels);
    CHECK(root_mean_square(got.out, out) < 3 * root_mean_square(plain, out));
  }
}

TEST_CASE("Winograd's bits are an image's own, on every instruction set", "[convolution]") {
  for (const ConvolutionShape& s : winograd_shapes()) {
    INFO(name_of(s));
    const std::size_t images = 5;
    const Operands<float> given(s, images);
    const std::vector<float> bias = normal_numbers<float>(s.channels, 5);
    const Winograd together(kernels<float>(), s, given, bias, 0, images);
    for (std::size_t image = 0; image < images; ++image) {
      const Winograd alone(kernels<float>(), s, given, bias, image, 1);
      const auto at = [image](const std::vector<float>& x, std::size_t size) {
        return x.begin() + static_cast<std::ptrdiff_t>(image * size);
      };
      CHECK(std::equal(alone.out.begin(), alone.out.end(), at(together.out, alone.out.size())));
      CHECK(std::equal(alone.in.begin(), alone.in.end(), at(together.in, alone.in.size())));
    }
    if (instruction_set() != InstructionSet::avx512) continue;
    Kernels<float> narrow{};
    avx2::add_winograd_kernels(&narrow);
    const Winograd again(narrow, s, given, bias, 0, images);
    CHECK((again.out == together.out));
    CHECK((again.in == together.in));
    CHECK((again.weights == together.weights));
  }
}
