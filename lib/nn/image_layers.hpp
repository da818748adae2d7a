// Layers of networks for images, built from expressions.
//
// Inside a network a batch of images is channels-last: one row per pixel, one column per channel,
// rows ordered by image, line and column. Outside, a row is one image [C, H, W], as in containers.
#pragma once

#include <vector>

#include "nn/parameters.hpp"

namespace pushforward {

struct Images {
  Expr x;  // [count * height * width, channels]
  int count = 0, height = 0, width = 0;
  [[nodiscard]] int channels() const { return x.columns(); }
  [[nodiscard]] int pixels() const { return height * width; }  // of one image
  // Other values for the same pixels, with any number of channels.
  [[nodiscard]] Images with(Expr other) const { return {other, count, height, width}; }
};

// Rows [n, C * height * width] to images, and back. C follows from the number of columns.
[[nodiscard]] Images images_of_rows(Expr rows, int height, int width);
[[nodiscard]] Expr rows_of_images(const Images& images);

// Rows of images with lines of `width` pixels, mirrored left to right where `coin` [n, 1], uniform
// in (0, 1), is below 1/2.
[[nodiscard]] Expr flipped_rows(Expr rows, Expr coin, int width);

struct ConvolutionLayer {
  int kernel;      // side of the window, odd; zero padding by kernel / 2
  int stride = 1;  // 2: every other line and column, (side + 1) / 2 of them
  bool starts_at_zero = false;
  bool has_bias = true;

  explicit ConvolutionLayer(int side = 3) : kernel(side) {}
  ConvolutionLayer& with_stride(int pixels) {
    stride = pixels;
    return *this;
  }
  ConvolutionLayer& from_zero() {
    starts_at_zero = true;
    return *this;
  }
  ConvolutionLayer& without_bias() {
    has_bias = false;
    return *this;
  }
};

// Convolution of c to `channels` channels: weight [kernel * kernel * c, channels], its rows ordered
// by line and column of the window, then by channel; bias [1, channels]. Both are initialized
// uniformly in +-1/sqrt(kernel^2 c).
[[nodiscard]] Images convolution_layer(Scope scope, const Images& in, int channels,
                                       const ConvolutionLayer& layer = ConvolutionLayer());

// Convolution of the concatenated channels of several images, without materializing the
// concatenation.
[[nodiscard]] Images convolution_layer(Scope scope, const std::vector<Images>& in, int channels,
                                       const ConvolutionLayer& layer = ConvolutionLayer());

// Channels per group in group_norm: max(4, channels / 32) (Karras et al. 2022), or the largest
// divisor of `channels` below that.
[[nodiscard]] int normalization_group(int channels);

// Group normalisation (Wu, He 2018): every `group` channels of an image are normalised to mean 0
// and variance 1 (epsilon 1e-5), then scaled and shifted per channel, initially by 1 and 0. With
// `factor` and `offset`, [n, channels] or [1, channels], the result is multiplied by 1 + factor,
// and offset is added.
[[nodiscard]] Images group_norm(Scope scope, const Images& in, int group, Expr factor = Expr(),
                                Expr offset = Expr());

// in + self-attention among the pixels of each image (Vaswani et al. 2017), after group
// normalisation: softmax(q k' / sqrt(d)) v with `heads` heads of d = channels / heads each, and an
// output map that is initialized to 0.
[[nodiscard]] Images self_attention(Scope scope, const Images& in, int heads);

// The means of blocks of 2 x 2 pixels. Blocks at the end of an odd side have fewer pixels.
[[nodiscard]] Images mean_pool(const Images& in);
// Repeats each pixel of `in` as a block of 2 x 2. The sides of `in` are half, rounded up.
[[nodiscard]] Images nearest_upsample(const Images& in, int height, int width);
// The mean over the pixels of each image: [n, channels].
[[nodiscard]] Expr mean_over_pixels(const Images& in);

// Blocks of 2 x 2 pixels as one pixel with four times the channels, in the order upper left, upper
// right, lower left, lower right; and back. The sides must be even.
[[nodiscard]] Images squeeze(const Images& in);
[[nodiscard]] Images unsqueeze(const Images& in);

// x as one row per image, [n, height * width * channels], pixel after pixel; and back. No copies.
[[nodiscard]] Expr flat(const Images& in);
[[nodiscard]] Images unflat(Expr rows, int height, int width);

// A mask for flat(), [1, height * width * channels]: 1 on pixels whose line + column is even (odd
// with `odd`), 0 elsewhere.
[[nodiscard]] Expr checkerboard(Graph& graph, int height, int width, int channels, bool odd);

}  // namespace pushforward
