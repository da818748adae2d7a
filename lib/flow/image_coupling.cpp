#include "flow/image_coupling.hpp"

namespace pushforward {
namespace {

Images first_convolution(Scope scope, const Images& in, const Conditions& c, int channels) {
  std::vector<Images> seen = {in};
  if (c.image.valid()) seen.push_back(unflat(c.image, in.height, in.width));
  const Images h = convolution_layer(scope / "input", seen, channels);
  if (!c.context.valid()) return h;
  const Expr weight =
      scope.parameter("context", c.context.columns(), channels, Initializer::zeros());
  const Expr rows = broadcast(matmul(c.context, weight), in.count, channels);
  return h.with(h.x + repeat_rows(rows, in.pixels()));
}

Images network(Scope scope, const Images& in, const Conditions& c, int outputs,
               const ImageNetwork& shape) {
  const auto activated = [](const Images& h) { return h.with(relu(h.x)); };
  Images h = first_convolution(scope, in, c, shape.channels);
  if (shape.residual_blocks == 0) {
    h = convolution_layer(scope / "hidden", activated(h), shape.channels, ConvolutionLayer(1));
    return convolution_layer(scope / "output", activated(h), outputs,
                             ConvolutionLayer(3).from_zero());
  }
  for (int i = 0; i < shape.residual_blocks; ++i) {
    const Scope block = scope / ("block_" + std::to_string(i));
    const Images inner = convolution_layer(block / "first", activated(h), shape.channels);
    h = h.with(h.x + convolution_layer(block / "second", activated(inner), shape.channels).x);
  }
  return convolution_layer(scope / "output", activated(h), outputs,
                           ConvolutionLayer(1).from_zero());
}

class ImageCoupling : public FirstColumns {
 public:
  ImageCoupling(const ImageShape& shape, KeptPart kept, CouplingKind kind,
                const ImageNetwork& network_shape)
      : FirstColumns(shape.numbers()),
        shape_(shape),
        kept_(kept),
        kind_(kind),
        network_(network_shape) {}

 private:
  // exp(s) and t of what moves: [n pixels, moving channels], or, under a checkerboard, of all
  // channels, 0 where pixels are kept. s is invalid in an additive coupling.
  struct Map {
    Expr log_scale, shift;
  };
  [[nodiscard]] Map map(Scope scope, const Images& seen, int channels, const Conditions& c) const {
    const bool affine = kind_ == CouplingKind::affine;
    const Expr out = network(scope / "net", seen, c, affine ? 2 * channels : channels, network_).x;
    if (!affine) return {Expr(), out};
    const Expr size = scope.parameter("scale", 1, channels, Initializer::constant(1));
    return {size * tanh(slice_columns(out, 0, channels)), slice_columns(out, channels, channels)};
  }
  static Expr forward(Expr x, const Map& map) {
    return map.log_scale.valid() ? x * exp(map.log_scale) + map.shift : x + map.shift;
  }
  static Expr back(Expr z, const Map& map) {
    return map.log_scale.valid() ? (z - map.shift) * exp(-map.log_scale) : z - map.shift;
  }
  using Move = Expr (*)(Expr, const Map&);

  [[nodiscard]] Mapped encode_first(Scope scope, Expr x, const Conditions& c) const override {
    return moved(scope, x, c, forward);
  }
  [[nodiscard]] Mapped decode_first(Scope scope, Expr z, const Conditions& c) const override {
    const Mapped m = moved(scope, z, c, back);
    return {m.value, -m.log_det};
  }
  // The other numbers moved, and the sum of log scales.
  [[nodiscard]] Mapped moved(Scope scope, Expr x, const Conditions& c, Move move) const {
    return kept_ == KeptPart::even_pixels || kept_ == KeptPart::odd_pixels
               ? pixels_moved(scope, x, c, move)
               : channels_moved(scope, x, c, move);
  }
  [[nodiscard]] Mapped pixels_moved(Scope scope, Expr x, const Conditions& c, Move move) const {
    const int height = shape_.height, width = shape_.width, channels = shape_.channels;
    const bool odd = kept_ == KeptPart::odd_pixels;
    Graph& graph = x.graph();
    const Expr kept = checkerboard(graph, height, width, channels, odd);
    const Expr moving = checkerboard(graph, height, width, channels, !odd);
    const Images seen = unflat(x * kept, height, width);
    Map m = map(scope, seen, channels, c);
    m.shift = flat(seen.with(m.shift)) * moving;
    if (!m.log_scale.valid()) return {move(x, m), no_log_det(x)};
    m.log_scale = flat(seen.with(m.log_scale)) * moving;
    return {move(x, m), sum_columns(m.log_scale)};
  }
  [[nodiscard]] Mapped channels_moved(Scope scope, Expr x, const Conditions& c, Move move) const {
    const Images all = unflat(x, shape_.height, shape_.width);
    const int half = shape_.channels / 2, other = shape_.channels - half;
    const Expr first = slice_columns(all.x, 0, half), second = slice_columns(all.x, half, other);
    const bool keeps_first = kept_ == KeptPart::first_channels;
    const Map m = map(scope, all.with(keeps_first ? first : second), keeps_first ? other : half, c);
    const Expr value =
        keeps_first ? hstack({first, move(second, m)}) : hstack({move(first, m), second});
    return {flat(all.with(value)),
            m.log_scale.valid() ? sum_columns(flat(all.with(m.log_scale))) : no_log_det(x)};
  }
  ImageShape shape_;
  KeptPart kept_;
  CouplingKind kind_;
  ImageNetwork network_;
};

}  // namespace

std::unique_ptr<Bijector> image_coupling(const ImageShape& shape, KeptPart kept, CouplingKind kind,
                                         const ImageNetwork& network) {
  return std::make_unique<ImageCoupling>(shape, kept, kind, network);
}

}  // namespace pushforward
