// Bijectors of images inside rows. A row of an image flow holds, first, the image that the flow
// still works on, channels-last, and then the numbers that are already noise (the multiscale
// architecture of Dinh, Sohl-Dickstein, Bengio 2017, section 3.6).
#pragma once

#include "base/image_shape.hpp"
#include "flow/bijector.hpp"
#include "nn/image_layers.hpp"

namespace pushforward {

// The shape after blocks of 2 x 2 pixels have become one pixel.
[[nodiscard]] inline ImageShape squeezed(const ImageShape& shape) {
  return {4 * shape.channels, shape.height / 2, shape.width / 2};
}

// Works on a row's first columns and leaves the others alone.
class FirstColumns : public Bijector {
 public:
  explicit FirstColumns(int columns) : columns_(columns) {}
  [[nodiscard]] Mapped encode(Scope scope, Expr x, const Conditions& c) const final;
  [[nodiscard]] Mapped decode(Scope scope, Expr z, const Conditions& c) const final;

 protected:
  [[nodiscard]] int columns() const { return columns_; }

 private:
  // Of [n, columns()].
  [[nodiscard]] virtual Mapped encode_first(Scope scope, Expr x, const Conditions& c) const = 0;
  [[nodiscard]] virtual Mapped decode_first(Scope scope, Expr z, const Conditions& c) const = 0;
  int columns_;
};

// log_det of a map that keeps volumes: one zero per row.
[[nodiscard]] Expr no_log_det(Expr rows);

// A container's row, channel after channel, as a channels-last image of the shape.
[[nodiscard]] std::unique_ptr<Bijector> channels_last(const ImageShape& shape);

// Blocks of 2 x 2 pixels of images of the shape become one pixel each.
[[nodiscard]] std::unique_ptr<Bijector> squeezing(const ImageShape& shape);

// Applies one map to the channels of every pixel, as rows: activation_norm() then has one statistic
// per channel, and lu_linear() is a 1x1 convolution.
[[nodiscard]] std::unique_ptr<Bijector> pixelwise(const ImageShape& shape,
                                                  std::unique_ptr<Bijector> map);

enum class SplitPrior { standard, learned };
// Ends the work on the second half of the channels: what stays of the image comes first. With a
// learned prior, that half's numbers are shifted and scaled by a convolution of the first half,
// which starts as zeros: Glow's Gaussian of the second half given the first (Kingma, Dhariwal 2018,
// section 3.4), as a map to standard normals.
[[nodiscard]] std::unique_ptr<Bijector> factoring_out(const ImageShape& shape, SplitPrior prior);

}  // namespace pushforward
