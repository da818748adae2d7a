// Layers of networks for images, built from expressions.
//
// Inside a network a batch of images is channels-last: a pixel is a row of its channels' numbers,
// rows run over images, then lines, then columns. Outside, a row is an image in the order of
// containers, channel after channel.
#pragma once

#include <vector>

#include "nn/parameters.hpp"

namespace pushforward {

struct Images {
  Expr x;  // [count * height * width, channels]
  int count = 0, height = 0, width = 0;
  [[nodiscard]] int channels() const { return x.columns(); }
  [[nodiscard]] int pixels() const { return height * width; }  // of one image
  // Other numbers for the same pixels: any number of channels.
  [[nodiscard]] Images with(Expr other) const { return {other, count, height, width}; }
};

// Rows [n, C * height * width], C of them as many as there are columns for, and back.
[[nodiscard]] Images images_of_rows(Expr rows, int height, int width);
[[nodiscard]] Expr rows_of_images(const Images& images);

// Rows of images whose lines have `width` pixels, turned left to right where `coin` [n, 1], uniform
// numbers, is below 1/2.
[[nodiscard]] Expr flipped_rows(Expr rows, Expr coin, int width);

struct ConvolutionLayer {
  int kernel;      // side of the window, odd; padded with zeros by half of it
  int stride = 1;  // 2: every second line and column, (side + 1) / 2 of them
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

// Convolution to `channels` channels: weight [kernel * kernel * c, channels], its rows window line
// by window line, pixel by pixel, channel by channel; bias [1, channels]. Starts uniform in
// +-1/sqrt(kernel^2 c), both.
[[nodiscard]] Images convolution_layer(Scope scope, const Images& in, int channels,
                                       const ConvolutionLayer& layer = ConvolutionLayer());

// The convolution of several images beside each other, channels of the first first, as one of their
// concatenation would be but without making it.
[[nodiscard]] Images convolution_layer(Scope scope, const std::vector<Images>& in, int channels,
                                       const ConvolutionLayer& layer = ConvolutionLayer());

// How many channels a group of group_norm has: 4, or a 32nd of all where those are more than 128
// (Karras et al. 2022), or the most below that divide them evenly.
[[nodiscard]] int normalization_group(int channels);

// Group normalisation (Wu, He 2018): each image's channels, `group` of them together, are given
// mean 0 and variance 1 (1e-5 is added to what is divided by), then a scale and a shift a channel,
// which start as 1 and 0. With `factor` and `offset`, [n, channels] or [1, channels], the result is
// multiplied with 1 + factor and offset added.
[[nodiscard]] Images group_norm(Scope scope, const Images& in, int group, Expr factor = Expr(),
                                Expr offset = Expr());

// in + self-attention among the pixels of each image (Vaswani et al. 2017), after group
// normalisation: softmax(q k' / sqrt(d)) v with `heads` heads of d = channels / heads each, and a
// last map that starts as 0.
[[nodiscard]] Images self_attention(Scope scope, const Images& in, int heads);

// The mean of blocks of 2 x 2 pixels. Odd sides are rounded up: a block at their end has fewer.
[[nodiscard]] Images mean_pool(const Images& in);
// Each pixel of `in`, which has half the sides, rounded up, as a block of 2 x 2.
[[nodiscard]] Images nearest_upsample(const Images& in, int height, int width);
// The mean over the pixels of each image: [n, channels].
[[nodiscard]] Expr mean_over_pixels(const Images& in);

// Blocks of 2 x 2 pixels as one pixel of four times the channels, those of the upper left first,
// then upper right, lower left, lower right; and back. Even sides.
[[nodiscard]] Images squeeze(const Images& in);
[[nodiscard]] Images unsqueeze(const Images& in);

// x as one row an image, [n, height * width * channels], pixel after pixel; and back. Free.
[[nodiscard]] Expr flat(const Images& in);
[[nodiscard]] Images unflat(Expr rows, int height, int width);

// 1 on the pixels whose line and column add up to an even number, 0 on the others, or the other way
// round with `odd`: [1, height * width * channels], to be multiplied with flat().
[[nodiscard]] Expr checkerboard(Graph& graph, int height, int width, int channels, bool odd);

}  // namespace pushforward
