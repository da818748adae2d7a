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

TEST_CASE("an image's convolution does not depend on the images beside it", "[convolution]") {
  for (const ConvolutionShape& s : convolution_shapes()) {
    INFO(name_of(s));
    const std::size_t images = 5, size = out_pixels(s) * s.out_channels;
    const Operands<float> given(s, images);
    const auto convolved = [&](std::size_t first, std::size_t count) {
      std::vector<float> out(count * size);
      kernels<float>().convolution(s, count, given.in.data() + first * pixels(s) * s.channels,
                                   s.channels, given.weights.data(), nullptr, false, out.data(),
                                   s.out_channels);
      return out;
    };
    const std::vector<float> together = convolved(0, images);
    for (std::size_t image = 0; image < images; ++image) {
      const auto begin = together.begin() + static_cast<std::ptrdiff_t>(image * size);
      CHECK((convolved(image, 1) ==
             std::vector<float>(begin, begin + static_cast<std::ptrdiff_t>(size))));
    }
  }
}

TEMPLATE_TEST_CASE("a convolution is one chain of multiply-adds on every instruction set",
                   "[convolution]", float, double) {
  if (instruction_set() == InstructionSet::baseline) return;  // multiplies and adds apart
  std::vector<Kernels<TestType>> sets(1);
  avx2::add_convolution_kernels(&sets[0]);
  if (instruction_set() == InstructionSet::avx512)
    avx512::add_convolution_kernels(&sets.emplace_back());
  for (const ConvolutionShape& s : convolution_shapes()) {
    INFO(name_of(s));
    const Operands<TestType> given(s, 2);
    std::vector<TestType> chain(2 * out_pixels(s) * s.out_channels);
    for (std::size_t i = 0; i < chain.size(); ++i) chain[i] = given.bias[i % s.out_channels];
    for_each_meeting(s, 2, [&](std::size_t from, std::size_t to, std::size_t tap) {
      for (std::size_t k = 0; k < s.out_channels; ++k) {
        TestType& sum = chain[to * s.out_channels + k];
        for (std::size_t c = 0; c < s.channels; ++c)
          sum = std::fma(given.in[from * s.channels + c],
                         given.weights[(tap * s.channels + c) * s.out_channels + k], sum);
      }
    });
    for (const Kernels<TestType>& set : sets) {
      std::vector<TestType> out(chain.size());
      set.convolution(s, 2, given.in.data(), s.channels, given.weights.data(), given.bias.data(),
                      false, out.data(), s.out_channels);
      CHECK((out == chain));
    }
  }
}
