// Convolutions that a test can go through, and the plainest code that computes them.
#pragma once

#include <vector>

#include "base/random.hpp"
#include "graph/kernels/kernels.hpp"

namespace pushforward {

// height, width, channels; out_channels; kernel_height, kernel_width, stride; padding before and
// after, the same.
inline ConvolutionShape convolution_shape(std::size_t height, std::size_t width,
                                          std::size_t channels, std::size_t out_channels,
                                          std::size_t kernel_height, std::size_t kernel_width,
                                          std::size_t stride, std::size_t pad_top,
                                          std::size_t pad_left) {
  return {height,
          width,
          channels,
          (height + 2 * pad_top - kernel_height) / stride + 1,
          (width + 2 * pad_left - kernel_width) / stride + 1,
          out_channels,
          kernel_height,
          kernel_width,
          stride,
          pad_top,
          pad_left};
}

// Every kind of kernel, stride, padding and channel count that takes a way of its own.
inline std::vector<ConvolutionShape> convolution_shapes() {
  std::vector<ConvolutionShape> shapes;
  for (const std::size_t channels : {1, 3, 5, 32})
    for (const std::size_t out_channels : {1, 3, 8, 13, 32})
      for (const std::size_t stride : {1, 2})
        shapes.push_back(convolution_shape(7, 6, channels, out_channels, 3, 3, stride, 1, 1));
  for (const std::size_t stride : {1, 2, 3}) {
    shapes.push_back(convolution_shape(9, 8, 5, 16, 1, 7, stride, 0, 3));
    shapes.push_back(convolution_shape(8, 9, 32, 17, 7, 1, stride, 3, 0));
    shapes.push_back(convolution_shape(6, 7, 3, 10, 5, 5, stride, 2, 2));
    shapes.push_back(convolution_shape(6, 7, 16, 10, 5, 5, stride, 0, 1));
    shapes.push_back(convolution_shape(7, 7, 3, 40, 1, 1, stride, 0, 0));
    shapes.push_back(convolution_shape(5, 6, 300, 20, 1, 1, stride, 0, 0));
  }
  shapes.push_back(convolution_shape(3, 4, 300, 9, 2, 3, 1, 1, 2));    // taps split over panels
  shapes.push_back(convolution_shape(3, 2, 2, 4, 7, 7, 1, 3, 3));      // kernel larger than image
  shapes.push_back(convolution_shape(20, 20, 1, 3, 17, 17, 1, 8, 8));  // many taps
  shapes.push_back(convolution_shape(40, 45, 6, 4, 3, 3, 1, 1, 1));    // several blocks of pixels
  return shapes;
}

inline std::size_t pixels(const ConvolutionShape& s) { return s.height * s.width; }
inline std::size_t out_pixels(const ConvolutionShape& s) { return s.out_height * s.out_width; }
inline std::size_t weight_rows(const ConvolutionShape& s) {
  return s.kernel_height * s.kernel_width * s.channels;
}

// Calls visit(pixel of in, pixel of out, tap) for all that meet, the taps of a pixel of out rising.
template <class Visit>
void for_each_meeting(const ConvolutionShape& s, std::size_t images, const Visit& visit) {
  for (std::size_t n = 0; n < images; ++n)
    for (std::size_t y = 0; y < s.out_height; ++y)
      for (std::size_t x = 0; x < s.out_width; ++x)
        for (std::size_t i = 0; i < s.kernel_height; ++i)
          for (std::size_t j = 0; j < s.kernel_width; ++j) {
            const std::size_t row = y * s.stride + i, column = x * s.stride + j;
            if (row < s.pad_top || row - s.pad_top >= s.height || column < s.pad_left ||
                column - s.pad_left >= s.width)
              continue;
            visit((n * s.height + row - s.pad_top) * s.width + column - s.pad_left,
                  (n * s.out_height + y) * s.out_width + x, i * s.kernel_width + j);
          }
}

template <class T>
std::vector<T> normal_numbers(std::size_t count, std::uint64_t seed) {
  std::vector<T> values(count);
  Random(seed, Stream::evaluation).fill_normal(values.data(), 1, count, 0);
  return values;
}

}  // namespace pushforward
