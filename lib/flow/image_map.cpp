#include "flow/image_map.hpp"

namespace pushforward {
namespace {

Mapped with_rest(const Mapped& first, Expr x, int columns) {
  if (columns == x.columns()) return first;
  return {hstack({first.value, slice_columns(x, columns, x.columns() - columns)}), first.log_det};
}

Images image_of(Expr rows, const ImageShape& shape) {
  return unflat(rows, shape.height, shape.width);
}

class ChannelsLast : public FirstColumns {
 public:
  explicit ChannelsLast(const ImageShape& shape) : FirstColumns(shape.numbers()), shape_(shape) {}

 private:
  [[nodiscard]] Mapped encode_first(Scope, Expr x, const Conditions&) const override {
    return {flat(images_of_rows(x, shape_.height, shape_.width)), no_log_det(x)};
  }
  [[nodiscard]] Mapped decode_first(Scope, Expr z, const Conditions&) const override {
    return {rows_of_images(image_of(z, shape_)), no_log_det(z)};
  }
  ImageShape shape_;
};

class Squeezing : public FirstColumns {
 public:
  explicit Squeezing(const ImageShape& shape) : FirstColumns(shape.numbers()), shape_(shape) {}

 private:
  [[nodiscard]] Mapped encode_first(Scope, Expr x, const Conditions&) const override {
    return {flat(squeeze(image_of(x, shape_))), no_log_det(x)};
  }
  [[nodiscard]] Mapped decode_first(Scope, Expr z, const Conditions&) const override {
    return {flat(unsqueeze(image_of(z, squeezed(shape_)))), no_log_det(z)};
  }
  ImageShape shape_;
};

class Pixelwise : public FirstColumns {
 public:
  Pixelwise(const ImageShape& shape, std::unique_ptr<Bijector> map)
      : FirstColumns(shape.numbers()), shape_(shape), map_(std::move(map)) {}

  [[nodiscard]] RowStatistics statistics() const override { return map_->statistics(); }
  void set_statistics(const std::string& path, const std::vector<double>& mean,
                      const std::vector<double>& variance, ParameterTable* table) const override {
    const std::size_t channels = static_cast<std::size_t>(shape_.channels);
    const std::size_t numbers = static_cast<std::size_t>(shape_.numbers());
    const double share = 1.0 / shape_.pixels();
    std::vector<double> mean_of(channels, 0.0), variance_of(channels, 0.0);
    for (std::size_t j = 0; j < numbers; ++j) mean_of[j % channels] += share * mean[j];
    for (std::size_t j = 0; j < numbers; ++j) {
      const double d = mean[j] - mean_of[j % channels];
      variance_of[j % channels] += share * (variance[j] + d * d);
    }
    map_->set_statistics(path, mean_of, variance_of, table);
  }

 private:
  [[nodiscard]] Mapped encode_first(Scope scope, Expr x, const Conditions&) const override {
    return of_rows(map_->encode(scope, image_of(x, shape_).x, {}));
  }
  [[nodiscard]] Mapped decode_first(Scope scope, Expr z, const Conditions&) const override {
    return of_rows(map_->decode(scope, image_of(z, shape_).x, {}));
  }
  [[nodiscard]] Mapped of_rows(const Mapped& pixels) const {
    const int count = pixels.value.rows() / shape_.pixels();
    return {reshape(pixels.value, count, shape_.numbers()),
            sum_columns(reshape(pixels.log_det, count, shape_.pixels()))};
  }
  ImageShape shape_;
  std::unique_ptr<Bijector> map_;
};

class FactoringOut : public FirstColumns {
 public:
  FactoringOut(const ImageShape& shape, SplitPrior prior)
      : FirstColumns(shape.numbers()), shape_(shape), prior_(prior) {}

 private:
  struct Gaussian {
    Expr mean, log_deviation;  // [n pixels, channels]
  };
  [[nodiscard]] static Gaussian gaussian(Scope scope, const Images& given, int channels) {
    const Expr out =
        convolution_layer(scope / "prior", given, 2 * channels, ConvolutionLayer(3).from_zero()).x;
    return {slice_columns(out, 0, channels), slice_columns(out, channels, channels)};
  }
  [[nodiscard]] int stays() const { return shape_.channels / 2; }
  [[nodiscard]] int leaves() const { return shape_.channels - stays(); }

  [[nodiscard]] Mapped encode_first(Scope scope, Expr x, const Conditions&) const override {
    const Images all = image_of(x, shape_);
    const Images first = all.with(slice_columns(all.x, 0, stays()));
    Images second = all.with(slice_columns(all.x, stays(), leaves()));
    Expr log_det = no_log_det(x);
    if (prior_ == SplitPrior::learned) {
      const Gaussian g = gaussian(scope, first, leaves());
      second = second.with((second.x - g.mean) * exp(-g.log_deviation));
      log_det = -sum_columns(flat(all.with(g.log_deviation)));
    }
    return {hstack({flat(first), flat(second)}), log_det};
  }
  [[nodiscard]] Mapped decode_first(Scope scope, Expr z, const Conditions&) const override {
    const int kept = shape_.pixels() * stays();
    const Images first = image_of(slice_columns(z, 0, kept), shape_);
    Images second = image_of(slice_columns(z, kept, columns() - kept), shape_);
    Expr log_det = no_log_det(z);
    if (prior_ == SplitPrior::learned) {
      const Gaussian g = gaussian(scope, first, leaves());
      second = second.with(second.x * exp(g.log_deviation) + g.mean);
      log_det = sum_columns(flat(first.with(g.log_deviation)));
    }
    return {flat(first.with(hstack({first.x, second.x}))), log_det};
  }
  ImageShape shape_;
  SplitPrior prior_;
};

}  // namespace

Mapped FirstColumns::encode(Scope scope, Expr x, const Conditions& c) const {
  return with_rest(encode_first(scope, slice_columns(x, 0, columns_), c), x, columns_);
}

Mapped FirstColumns::decode(Scope scope, Expr z, const Conditions& c) const {
  return with_rest(decode_first(scope, slice_columns(z, 0, columns_), c), z, columns_);
}

Expr no_log_det(Expr rows) { return broadcast(rows.graph().constant(0), rows.rows(), 1); }

std::unique_ptr<Bijector> channels_last(const ImageShape& shape) {
  return std::make_unique<ChannelsLast>(shape);
}

std::unique_ptr<Bijector> squeezing(const ImageShape& shape) {
  return std::make_unique<Squeezing>(shape);
}

std::unique_ptr<Bijector> pixelwise(const ImageShape& shape, std::unique_ptr<Bijector> map) {
  return std::make_unique<Pixelwise>(shape, std::move(map));
}

std::unique_ptr<Bijector> factoring_out(const ImageShape& shape, SplitPrior prior) {
  return std::make_unique<FactoringOut>(shape, prior);
}

}  // namespace pushforward
