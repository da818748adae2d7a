// Convolutions of images whose pixels are rows: a batch of images is a matrix [images height width,
// channels], pixels running over images, then lines, then columns of an image.
//
// Three operators, each one's derivatives being of the three: they are linear in each operand.
#pragma once

#include "graph/expr.hpp"

namespace pushforward {

// How a kernel meets images of height x width pixels. Images are surrounded by zeros, `pad_` lines
// or columns of them.
struct ConvolutionGeometry {
  int height = 1, width = 1;
  int kernel_height = 1, kernel_width = 1, stride = 1;
  int pad_top = 0, pad_bottom = 0, pad_left = 0, pad_right = 0;
  [[nodiscard]] int out_height() const {
    return (height + pad_top + pad_bottom - kernel_height) / stride + 1;
  }
  [[nodiscard]] int out_width() const {
    return (width + pad_left + pad_right - kernel_width) / stride + 1;
  }
};

// Shapes that do not fit, and kernels larger than the padded image, throw std::invalid_argument.
//
// x [images height width, channels] and w [kernel_height kernel_width channels, out_channels], rows
// of w running over lines, then columns of the kernel, then channels -> [images out_height
// out_width, out_channels]. The kernel is not turned around, as is the custom of neural networks.
Expr convolution(const ConvolutionGeometry& geometry, Expr x, Expr w);
// The adjoint of convolution by x, from that of its result, y [images out_height out_width,
// out_channels] -> [images height width, channels]. By itself, a transposed convolution: with a
// stride, one that makes images larger.
Expr convolution_back(const ConvolutionGeometry& geometry, Expr y, Expr w);
// The adjoint of convolution by w, from x and that of its result -> the shape of w.
Expr convolution_weights(const ConvolutionGeometry& geometry, Expr x, Expr y);

}  // namespace pushforward
