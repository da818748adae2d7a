#include "nn/unet.hpp"

#include <algorithm>
#include <cmath>

#include "nn/layers.hpp"

namespace pushforward {
namespace {

// Three times as many numbers, queries, keys and values, must fit into an int.
constexpr std::size_t max_layer_size = std::size_t{1} << 28;

struct Size {
  int height, width, channels;
  [[nodiscard]] int side() const { return std::max(height, width); }
};

std::vector<Size> sizes_of(const UnetShape& shape) {
  std::vector<Size> sizes;
  int height = shape.height, width = shape.width;
  for (const int multiplier : shape.multipliers) {
    sizes.push_back({height, width, shape.channels * multiplier});
    height = (height + 1) / 2;
    width = (width + 1) / 2;
  }
  return sizes;
}

// The expressions of one pass through the network.
class Pass {
 public:
  Pass(Scope scope, const Conditioning& conditioning, const UnetShape& shape)
      : scope_(scope),
        shape_(shape),
        sizes_(sizes_of(shape)),
        uniforms_(conditioning.uniforms),
        embedding_(embedding(conditioning)) {}

  // The encoder down to level `last`, from 0. Its outputs are kept for the skip connections.
  Images down(Expr x, int last) {
    Images h = convolution_layer(scope_ / "input", images_of_rows(x, shape_.height, shape_.width),
                                 sizes_[0].channels);
    kept_.push_back(h);
    for (int level = 0; level <= last; ++level) {
      if (level > 0) {
        h = convolution_layer(at("down", level) / "halve", h, h.channels(),
                              ConvolutionLayer(3).with_stride(2));
        kept_.push_back(h);
      }
      for (int i = 0; i < shape_.blocks; ++i) {
        h = block(at("down", level) / ("block_" + std::to_string(i)), {h}, level);
        kept_.push_back(h);
      }
    }
    return h;
  }

  Images middle(Images h) {
    const int last = static_cast<int>(sizes_.size()) - 1;
    h = block(scope_ / "middle" / "block_0", {h}, last);
    return block(scope_ / "middle" / "block_1", {h}, last);
  }

  Expr up(Images h, int outputs) {
    for (int level = static_cast<int>(sizes_.size()) - 1; level >= 0; --level) {
      const Scope here = at("up", level);
      for (int i = 0; i <= shape_.blocks; ++i) {
        h = block(here / ("block_" + std::to_string(i)), {h, kept_.back()}, level);
        kept_.pop_back();
      }
      if (level == 0) break;
      const Size& larger = sizes_[static_cast<std::size_t>(level) - 1];
      h = convolution_layer(here / "double", nearest_upsample(h, larger.height, larger.width),
                            h.channels());
    }
    const Images normal =
        group_norm(scope_ / "output" / "norm", h, normalization_group(h.channels()));
    return rows_of_images(convolution_layer(scope_ / "output", normal.with(silu(normal.x)),
                                            outputs / h.pixels(), ConvolutionLayer(3).from_zero()));
  }

 private:
  [[nodiscard]] Scope at(const char* end, int level) const {
    return scope_ / (std::string(end) + "_" + std::to_string(level));
  }

  // The embedding that conditions every block, [n, 4 channels] or [1, 4 channels].
  [[nodiscard]] Expr embedding(const Conditioning& conditioning) const {
    const int columns = 4 * shape_.channels;
    Expr sum;
    if (conditioning.level.valid())
      sum =
          linear(scope_ / "level" / "hidden_1",
                 silu(linear(scope_ / "level" / "hidden_0", conditioning.level, columns)), columns);
    if (conditioning.label.valid()) {
      const Expr weight =
          (scope_ / "label")
              .parameter("weight", conditioning.label.columns(), columns, Initializer::uniform(1));
      const Expr label = matmul(conditioning.label, weight);
      sum = sum.valid() ? sum + label : label;
    }
    return sum.valid() ? silu(sum) : sum;
  }

  // Dropout: sets numbers to 0 at random and scales up the others, so that the mean stays.
  Images dropped(const Images& in) {
    if (!uniforms_.valid()) return in;
    const int columns = in.pixels() * in.channels();
    const Expr drawn = slice_columns(uniforms_, used_uniforms_, columns);
    used_uniforms_ += columns;
    const Expr kept = heaviside(drawn - shape_.dropout) / (1 - shape_.dropout);
    return in.with(in.x * unflat(kept, in.height, in.width).x);
  }

  // A residual block of the concatenated channels of `in`, followed by attention if the level has
  // it.
  Images block(Scope scope, const std::vector<Images>& in, int level) {
    const int channels = sizes_[static_cast<std::size_t>(level)].channels;
    int inputs = 0;
    for (const Images& part : in) inputs += part.channels();
    std::vector<Images> active;
    for (std::size_t i = 0; i < in.size(); ++i) {
      // The group size for all channels together, if it divides the channels of this part.
      int group = normalization_group(inputs);
      if (in[i].channels() % group != 0) group = normalization_group(in[i].channels());
      const std::string name = in.size() == 1 ? "norm_0" : "norm_0_" + std::to_string(i);
      const Images normal = group_norm(scope / name, in[i], group);
      active.push_back(normal.with(silu(normal.x)));
    }
    const Images first = convolution_layer(scope / "convolution_0", active, channels);
    Expr factor, offset;
    if (embedding_.valid()) {
      factor = linear(scope / "factor", embedding_, channels);
      offset = linear(scope / "offset", embedding_, channels);
    }
    const Images normal =
        group_norm(scope / "norm_1", first, normalization_group(channels), factor, offset);
    const Images second =
        convolution_layer(scope / "convolution_1", dropped(normal.with(silu(normal.x))), channels,
                          ConvolutionLayer(3).from_zero());
    const bool narrow = in.size() == 1 && in[0].channels() == channels;
    const Images shortcut = narrow ? in[0]
                                   : convolution_layer(scope / "shortcut", in, channels,
                                                       ConvolutionLayer(1).without_bias());
    const Images out = second.with(shortcut.x + second.x);
    return attends(level) ? self_attention(scope / "attention", out, shape_.heads) : out;
  }

  [[nodiscard]] bool attends(int level) const {
    const std::vector<int>& sides = shape_.attention;
    return std::find(sides.begin(), sides.end(), sizes_[static_cast<std::size_t>(level)].side()) !=
           sides.end();
  }

  Scope scope_;
  const UnetShape& shape_;
  std::vector<Size> sizes_;
  Expr uniforms_;
  int used_uniforms_ = 0;
  Expr embedding_;
  std::vector<Images> kept_;
};

}  // namespace

Expr unet(Scope scope, Expr x, const Conditioning& conditioning, int outputs,
          const UnetShape& shape) {
  Pass pass(scope, conditioning, shape);
  const Images deepest = pass.down(x, static_cast<int>(shape.multipliers.size()) - 1);
  return pass.up(pass.middle(deepest), outputs);
}

Expr unet_features(Scope scope, Expr x, const Conditioning& conditioning, int level,
                   const UnetShape& shape) {
  Pass pass(scope, conditioning, shape);
  return mean_over_pixels(pass.down(x, level - 1));
}

int unet_uniforms(const UnetShape& shape) {
  if (shape.dropout == 0) return 0;
  const std::vector<Size> sizes = sizes_of(shape);
  int count = 2 * sizes.back().height * sizes.back().width * sizes.back().channels;  // the middle
  for (const Size& size : sizes)
    count += (2 * shape.blocks + 1) * size.height * size.width * size.channels;
  return count;
}

std::size_t unet_layer_size(const UnetShape& shape) {
  std::size_t largest = 1;
  for (const Size& size : sizes_of(shape))
    largest = std::max(largest, static_cast<std::size_t>(size.height) *
                                    static_cast<std::size_t>(size.width) *
                                    static_cast<std::size_t>(size.channels));
  return largest;
}

std::string joined_integers(const std::vector<int>& values) {
  std::string text;
  for (const int value : values) text += (text.empty() ? "" : ",") + std::to_string(value);
  return text;
}

std::string unet_complaint(const UnetShape& shape) {
  if (unet_layer_size(shape) > max_layer_size)
    return "layers of " + std::to_string(unet_layer_size(shape)) +
           " numbers per image, where at most " + std::to_string(max_layer_size) +
           " are allowed; fewer --channels make them smaller";
  const std::vector<Size> sizes = sizes_of(shape);
  std::string sides;
  for (const Size& size : sizes) {
    sides += (sides.empty() ? "" : ", ") + std::to_string(size.side());
    if (std::min(size.height, size.width) == 1 && &size != &sizes.back())
      return "images of " + std::to_string(shape.height) + " x " + std::to_string(shape.width) +
             " halve " + std::to_string(&size - sizes.data()) + " times at most, not " +
             std::to_string(sizes.size() - 1);
  }
  for (const int side : shape.attention) {
    bool found = false;
    for (const Size& size : sizes) {
      if (size.side() != side) continue;
      found = true;
      if (size.channels % shape.heads != 0)
        return std::to_string(size.channels) + " channels at side " + std::to_string(side) +
               " do not divide into " + std::to_string(shape.heads) + " heads";
    }
    if (!found)
      return "no level has the side " + std::to_string(side) + " for attention; theirs are " +
             sides;
  }
  return "";
}

}  // namespace pushforward
