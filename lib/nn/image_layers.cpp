#include "nn/image_layers.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "graph/convolution.hpp"

namespace pushforward {
namespace {

// number(y, x, c) for every pixel and channel, in channels-last order.
template <class Function>
std::vector<int> channels_last(int height, int width, int channels, const Function& number) {
  std::vector<int> index;
  index.reserve(static_cast<std::size_t>(height * width * channels));
  for (int y = 0; y < height; ++y)
    for (int x = 0; x < width; ++x)
      for (int c = 0; c < channels; ++c) index.push_back(number(y, x, c));
  return index;
}

// For each number of an image, its index in an image of half the sides, rounded up.
std::vector<int> half_places(int height, int width, int channels) {
  const int half_width = (width + 1) / 2;
  return channels_last(height, width, channels, [=](int y, int x, int c) {
    return (y / 2 * half_width + x / 2) * channels + c;
  });
}

// For each number of a squeezed image, its index in the original image of height x width.
std::vector<int> squeezed_places(int height, int width, int channels) {
  return channels_last(height / 2, width / 2, 4 * channels, [=](int y, int x, int k) {
    const int block = k / channels;
    return ((2 * y + block / 2) * width + 2 * x + block % 2) * channels + k % channels;
  });
}

// Queries, keys or values (`part` 0, 1 or 2 of the channels), split into heads:
// [count * pixels, 3 channels] -> [count * heads * pixels, channels / heads].
Expr heads_of(const Images& all, int part, int heads) {
  const int channels = all.channels() / 3, depth = channels / heads, pixels = all.pixels();
  std::vector<int> index;
  for (int head = 0; head < heads; ++head)
    for (int p = 0; p < pixels; ++p)
      for (int d = 0; d < depth; ++d) index.push_back((p * 3 + part) * channels + head * depth + d);
  return reshape(gather_columns(flat(all), index), all.count * heads * pixels, depth);
}

// Joins the heads again: [count * heads * pixels, depth] -> [count, pixels * heads * depth].
Expr joined_heads(Expr parts, int count, int pixels, int heads) {
  const int depth = parts.columns();
  std::vector<int> index;
  for (int p = 0; p < pixels; ++p)
    for (int head = 0; head < heads; ++head)
      for (int d = 0; d < depth; ++d) index.push_back((head * pixels + p) * depth + d);
  return gather_columns(reshape(parts, count, heads * pixels * depth), index);
}

Expr softmax_columns(Expr x) {
  const Expr e = exp(x - max_columns(x));
  return e * reciprocal(sum_columns(e));
}

}  // namespace

Expr flat(const Images& in) { return reshape(in.x, in.count, in.pixels() * in.channels()); }

Images unflat(Expr rows, int height, int width) {
  const int count = rows.rows(), channels = rows.columns() / (height * width);
  return {reshape(rows, count * height * width, channels), count, height, width};
}

Images images_of_rows(Expr rows, int height, int width) {
  const int channels = rows.columns() / (height * width);
  return unflat(gather_columns(rows, channels_last(height, width, channels,
                                                   [=](int y, int x, int c) {
                                                     return (c * height + y) * width + x;
                                                   })),
                height, width);
}

Expr rows_of_images(const Images& images) {
  const int channels = images.channels();
  std::vector<int> index;
  for (int c = 0; c < channels; ++c)
    for (int p = 0; p < images.pixels(); ++p) index.push_back(p * channels + c);
  return gather_columns(flat(images), index);
}

Expr flipped_rows(Expr rows, Expr coin, int width) {
  std::vector<int> mirrored;
  for (int j = 0; j < rows.columns(); ++j)
    mirrored.push_back(j - j % width + width - 1 - j % width);
  return select(coin - 0.5, rows, gather_columns(rows, mirrored));
}

Images convolution_layer(Scope scope, const Images& in, int channels,
                         const ConvolutionLayer& layer) {
  return convolution_layer(scope, std::vector<Images>{in}, channels, layer);
}

Images convolution_layer(Scope scope, const std::vector<Images>& in, int channels,
                         const ConvolutionLayer& layer) {
  int inputs = 0;
  for (const Images& part : in) inputs += part.channels();
  const int window = layer.kernel * layer.kernel;
  const Initializer start = layer.starts_at_zero
                                ? Initializer::zeros()
                                : Initializer::uniform(1 / std::sqrt(double(window * inputs)));
  Images out{Expr(), in[0].count, (in[0].height - 1) / layer.stride + 1,
             (in[0].width - 1) / layer.stride + 1};
  for (std::size_t i = 0; i < in.size(); ++i) {
    const Images& part = in[i];
    const std::string name = in.size() == 1 ? "weight" : "weight_" + std::to_string(i);
    const Expr weight = scope.parameter(name, window * part.channels(), channels, start);
    const int pad = layer.kernel / 2;
    const ConvolutionGeometry geometry{
        part.height, part.width, layer.kernel, layer.kernel, layer.stride, pad, pad, pad, pad};
    const Expr y = convolution(geometry, part.x, weight);
    // The bias is added to the first convolution, whose kernel includes it.
    if (i > 0)
      out.x = out.x + y;
    else
      out.x = layer.has_bias ? y + scope.parameter("bias", 1, channels, start) : y;
  }
  return out;
}

int normalization_group(int channels) {
  int group = std::min(channels, std::max(4, channels / 32));
  while (channels % group != 0) --group;
  return group;
}

Images group_norm(Scope scope, const Images& in, int group, Expr factor, Expr offset) {
  constexpr double epsilon = 1e-5;
  const int channels = in.channels(), groups = channels / group, pixels = in.pixels();
  if (channels % group != 0) throw std::invalid_argument("group_norm: channels do not divide");
  // Repeats the value of each group for its channels: [count * groups, 1] -> [count, channels].
  const auto for_channels = [&](Expr of_groups) {
    return reshape(broadcast(of_groups, in.count * groups, group), in.count, channels);
  };
  const auto mean = [&](Expr x) {
    const Expr sums = sum_columns(reshape(sum_row_blocks(x, pixels), in.count * groups, group));
    return sums / (double(pixels) * group);
  };
  const Expr centred = in.x - repeat_rows(for_channels(mean(in.x)), pixels);
  const Expr narrowing = reciprocal(sqrt(mean(square(centred)) + epsilon));
  Expr scale = scope.parameter("scale", 1, channels, Initializer::constant(1));
  Expr shift = scope.parameter("shift", 1, channels, Initializer::zeros());
  if (factor.valid()) {
    scale = scale * (1 + factor);
    shift = shift * (1 + factor) + offset;
  }
  const Expr scaled = centred * repeat_rows(for_channels(narrowing) * scale, pixels);
  return in.with(scaled + (shift.rows() == 1 ? shift : repeat_rows(shift, pixels)));
}

Images self_attention(Scope scope, const Images& in, int heads) {
  const int channels = in.channels(), pixels = in.pixels(), batches = in.count * heads;
  if (channels % heads != 0) throw std::invalid_argument("self_attention: heads do not divide");
  const Images normal = group_norm(scope / "norm", in, normalization_group(channels));
  const Images all =
      convolution_layer(scope / "query_key_value", normal, 3 * channels, ConvolutionLayer(1));
  const Expr q = heads_of(all, 0, heads), k = heads_of(all, 1, heads), v = heads_of(all, 2, heads);
  const Expr likeness =
      batched_matmul_by_transposed(q * std::sqrt(double(heads) / channels), k, batches);
  const Expr seen = batched_matmul(softmax_columns(likeness), v, batches);
  const Images joined = unflat(joined_heads(seen, in.count, pixels, heads), in.height, in.width);
  return in.with(
      in.x +
      convolution_layer(scope / "output", joined, channels, ConvolutionLayer(1).from_zero()).x);
}

Images mean_pool(const Images& in) {
  const int height = (in.height + 1) / 2, width = (in.width + 1) / 2, channels = in.channels();
  const Expr sums = scatter_columns(flat(in), half_places(in.height, in.width, channels),
                                    height * width * channels);
  if (in.height % 2 == 0 && in.width % 2 == 0) return unflat(0.25 * sums, height, width);
  std::vector<double> shares;
  for (int y = 0; y < height; ++y)
    for (int x = 0; x < width; ++x)
      for (int c = 0; c < channels; ++c)
        shares.push_back((2 * y + 1 < in.height ? 0.5 : 1) * (2 * x + 1 < in.width ? 0.5 : 1));
  return unflat(sums * in.x.graph().constant(1, height * width * channels, shares), height, width);
}

Images nearest_upsample(const Images& in, int height, int width) {
  if (in.height != (height + 1) / 2 || in.width != (width + 1) / 2)
    throw std::invalid_argument("nearest_upsample: sides are not half of those asked for");
  return unflat(gather_columns(flat(in), half_places(height, width, in.channels())), height, width);
}

Expr mean_over_pixels(const Images& in) {
  return sum_row_blocks(in.x, in.pixels()) / double(in.pixels());
}

Images squeeze(const Images& in) {
  if (in.height % 2 != 0 || in.width % 2 != 0)
    throw std::invalid_argument("squeeze: sides are odd");
  return unflat(gather_columns(flat(in), squeezed_places(in.height, in.width, in.channels())),
                in.height / 2, in.width / 2);
}

Images unsqueeze(const Images& in) {
  if (in.channels() % 4 != 0) throw std::invalid_argument("unsqueeze: channels do not divide");
  const int channels = in.channels() / 4, height = 2 * in.height, width = 2 * in.width;
  const std::vector<int> from = squeezed_places(height, width, channels);
  std::vector<int> index(from.size());
  for (std::size_t j = 0; j < from.size(); ++j)
    index[static_cast<std::size_t>(from[j])] = static_cast<int>(j);
  return unflat(gather_columns(flat(in), index), height, width);
}

Expr checkerboard(Graph& graph, int height, int width, int channels, bool odd) {
  std::vector<double> values;
  for (int y = 0; y < height; ++y)
    for (int x = 0; x < width; ++x)
      values.insert(values.end(), static_cast<std::size_t>(channels),
                    (y + x) % 2 == (odd ? 1 : 0) ? 1 : 0);
  return graph.constant(1, height * width * channels, values);
}

}  // namespace pushforward
