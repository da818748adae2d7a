#include "flow/image_flow.hpp"

#include "flow/coupling.hpp"
#include "flow/image_coupling.hpp"
#include "flow/linear.hpp"
#include "flow/normalization.hpp"

namespace pushforward {
namespace {

bool starts_halved(const FlowSpec& spec) {
  return flow_kind(spec.flow).images.halving == Halving::every_scale;
}

int halvings(const FlowSpec& spec) {
  return starts_halved(spec) ? spec.image.scales : spec.image.scales - 1;
}

std::string sides(int height, int width) {
  return std::to_string(height) + " x " + std::to_string(width);
}

// A flow in the making.
class Layers {
 public:
  explicit Layers(const FlowSpec& spec) : spec_(spec), shape_(image_shape(spec)) {
    add("channels_last", channels_last(shape_));
  }

  void begin_scale(int scale) { path_ = "scale_" + std::to_string(scale) + "/"; }

  void squeeze() {
    add(path_ + "squeeze", squeezing(shape_));
    shape_ = squeezed(shape_);
  }
  void factor_out(SplitPrior prior) {
    add(path_ + "factor_out", factoring_out(shape_, prior));
    shape_.channels /= 2;
  }
  void couplings(const std::string& name, int count, bool pixels, CouplingKind kind) {
    for (int i = 0; i < count; ++i) {
      const std::string step = path_ + name + "_" + std::to_string(i);
      const bool odd = i % 2 == 1;
      add(step + "/norm", pixelwise(shape_, activation_norm()));
      add(step + "/coupling",
          image_coupling(shape_,
                         pixels ? (odd ? KeptPart::odd_pixels : KeptPart::even_pixels)
                                : (odd ? KeptPart::second_channels : KeptPart::first_channels),
                         kind, {spec_.image.blocks, spec_.image.channels}));
    }
  }
  void glow_steps() {
    for (int i = 0; i < spec_.image.blocks; ++i) {
      const std::string step = path_ + "step_" + std::to_string(i);
      add(step + "/norm", pixelwise(shape_, activation_norm()));
      add(step + "/linear",
          pixelwise(shape_, lu_linear(spec_, linear_maps_++, LinearStart::rotation)));
      add(step + "/coupling", image_coupling(shape_, KeptPart::first_channels, CouplingKind::affine,
                                             {0, spec_.image.channels}));
    }
  }
  void add(const std::string& name, std::unique_ptr<Bijector> map) {
    layers_.push_back({name, std::move(map)});
  }
  void add_norm(const std::string& name) { add(name, pixelwise(shape_, activation_norm())); }
  [[nodiscard]] std::vector<FlowLayer> take() { return std::move(layers_); }

 private:
  const FlowSpec& spec_;
  ImageShape shape_;  // of the image that is still worked on
  std::string path_;
  int linear_maps_ = 0;
  std::vector<FlowLayer> layers_;
};

Layers real_nvp(const FlowSpec& spec, CouplingKind kind) {
  Layers layers(spec);
  for (int scale = 0; scale < spec.image.scales; ++scale) {
    layers.begin_scale(scale);
    if (scale == spec.image.scales - 1) {
      layers.couplings("pixels", 4, true, kind);
      break;
    }
    layers.couplings("pixels", 3, true, kind);
    layers.squeeze();
    layers.couplings("channels", 3, false, kind);
    layers.factor_out(SplitPrior::standard);
  }
  return layers;
}

}  // namespace

ImageShape image_shape(const FlowSpec& spec) {
  const ImageFlowSpec& image = spec.image;
  return {spec.dimension / (image.height * image.width), image.height, image.width};
}

std::vector<FlowLayer> image_nice_layers(const FlowSpec& spec) {
  Layers layers = real_nvp(spec, CouplingKind::additive);
  layers.add("scale", diagonal_scale());
  return layers.take();
}

std::vector<FlowLayer> image_real_nvp_layers(const FlowSpec& spec) {
  return real_nvp(spec, CouplingKind::affine).take();
}

std::vector<FlowLayer> image_glow_layers(const FlowSpec& spec) {
  Layers layers(spec);
  for (int scale = 0; scale < spec.image.scales; ++scale) {
    layers.begin_scale(scale);
    layers.squeeze();
    layers.glow_steps();
    if (scale < spec.image.scales - 1) layers.factor_out(SplitPrior::learned);
  }
  layers.add_norm("prior");
  return layers.take();
}

std::vector<int> order_lengths(const FlowSpec& spec) {
  if (!spec.convolutional())
    return std::vector<int>(static_cast<std::size_t>(spec.layers), spec.dimension);
  std::vector<int> lengths;
  int channels = image_shape(spec).channels;
  for (int scale = 0; scale < spec.image.scales; ++scale) {
    channels *= scale == 0 ? 4 : 2;  // half of them are done before they become four times as many
    lengths.insert(lengths.end(), static_cast<std::size_t>(spec.image.blocks), channels);
  }
  return lengths;
}

std::string image_misfit(const FlowSpec& spec) {
  const int needed = halvings(spec), height = spec.image.height, width = spec.image.width;
  int possible = 0;
  while (possible < needed && height % (2 << possible) == 0 && width % (2 << possible) == 0)
    ++possible;
  if (possible == needed) return "";
  const int least = starts_halved(spec) ? 1 : 0, scales = possible + (1 - least);
  std::string text = "images of " + sides(height, width) + " pixels are to be halved " +
                     (needed == 1 ? "once" : std::to_string(needed) + " times") + " by --scales " +
                     std::to_string(spec.image.scales) + " of --flow " + spec.flow;
  if (possible < least) return text + ": their sides must be even";
  return text + ": their sides allow --scales " + std::to_string(scales) + " at most";
}

std::size_t largest_image_layer(const FlowSpec& spec) {
  const int pixels = image_shape(spec).pixels() / (starts_halved(spec) ? 4 : 1);
  return static_cast<std::size_t>(pixels) * static_cast<std::size_t>(spec.image.channels);
}

}  // namespace pushforward
