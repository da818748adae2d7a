// Features of pictures from containers and folders: which they are, and that they are the
// network's.
#include <catch2/catch.hpp>
#include <functional>

#include "base/error.hpp"
#include "complaint.hpp"
#include "eval/inception_formula.hpp"
#include "eval/picture_features.hpp"
#include "io/npz.hpp"
#include "temporary_file.hpp"

using namespace pushforward;
using Catch::Matchers::Contains;
using Catch::Matchers::EndsWith;

namespace {

// A file of the formula's weights, written once.
const std::string& weights_file() {
  static const TemporaryFile file;
  static const bool written = [] {
    const InceptionWeights weights = formula_weights();
    std::vector<NamedArray> all;
    for (std::size_t i = 0; i < weights.convolutions.size(); ++i) {
      const InceptionConvolution& c = inception_convolutions()[i];
      const ConvolutionWeights& w = weights.convolutions[i];
      const std::string name = "/" + std::string(c.name);
      all.push_back(
          {name + ".conv.weight",
           Array::of(w.weight, {c.out_channels, c.channels, c.kernel_height, c.kernel_width}),
           {}});
      all.push_back({name + ".bn.weight", Array::of(w.scale, {c.out_channels}), {}});
      all.push_back({name + ".bn.bias", Array::of(w.shift, {c.out_channels}), {}});
      all.push_back({name + ".bn.running_mean", Array::of(w.mean, {c.out_channels}), {}});
      all.push_back({name + ".bn.running_var", Array::of(w.variance, {c.out_channels}), {}});
    }
    all.push_back({"/fc.weight",
                   Array::of(weights.class_weight, {inception_classes, inception_features}),
                   {}});
    write_npz(file.path, all);
    return true;
  }();
  static_cast<void>(written);
  return file.path;
}

// Five grey pictures of 9 x 11 bytes.
Array grey_pictures() {
  std::vector<std::uint8_t> pixels(5 * 9 * 11);
  for (std::size_t i = 0; i < pixels.size(); ++i)
    pixels[i] = static_cast<std::uint8_t>(256 * formula_uniform(7, i));
  return Array::of(pixels, {5, 1, 9, 11});
}

struct Rows {
  TemporaryFile file;
  explicit Rows(const Array& x) {
    ContainerWriter writer(file.path, "tensors", {});
    writer.write("/x", x);
    writer.commit();
  }
  [[nodiscard]] PictureSource pictures(std::optional<PixelRange> range = {}) const {
    return PictureSource(file.path, range);
  }
};

InceptionFeatureSettings settings_of(const std::string& layer, bool logits = false) {
  InceptionFeatureSettings settings;
  settings.weights = weights_file();
  settings.layer = layer;
  settings.logits = logits;
  return settings;
}

}  // namespace

TEST_CASE("features of pictures are the network's of the scaled pictures") {
  Workers one(1), two(2);
  const Rows rows(grey_pictures());
  const InceptionFeatures features(settings_of("192", true), &two);
  const FeatureSource source = features.of(rows.pictures());
  CHECK(source.count == 5);
  CHECK(source.dimension == 192);
  CHECK(source.logits == inception_classes);
  CHECK(source.description.name == "inception-192");
  REQUIRE(source.description.details.size() == 2);
  CHECK(source.description.details[0].first == "weights");
  CHECK(source.description.details[1].second == "bilinear");
  const FeatureBlock all = source.read(0, 5);

  InceptionSettings direct;
  direct.outputs = {InceptionOutput::pool192, InceptionOutput::logits_unbiased};
  direct.pictures = 1;
  const Inception network(formula_weights(), direct);
  Inception::Workspace workspace = network.make_workspace();
  PictureSource pictures = rows.pictures();
  const Picture picture = pictures.read(3, 1, one)[0];
  std::vector<float> input(299 * 299 * 3);
  network_input(picture, Resize::bilinear, input.data());
  std::vector<double> expected(192), logits(inception_classes);
  double* const outputs[] = {expected.data(), logits.data()};
  network.run(input.data(), 1, &workspace, outputs);
  for (std::size_t j = 0; j < 192; ++j) CHECK(all.rows[3 * 192 + j] == expected[j]);
  for (std::size_t j = 0; j < inception_classes; ++j)
    CHECK(all.logits[3 * inception_classes + j] == logits[j]);

  const InceptionFeatures alone(settings_of("192", true), &one);
  CHECK(alone.of(rows.pictures()).read(3, 1).rows == expected);
}

TEST_CASE("real numbers in a range are the pictures of bytes") {
  Workers workers(2);
  const Array bytes = grey_pictures();
  std::vector<double> unit = bytes.to<double>();
  for (double& v : unit) v /= 255;
  const Rows whole(bytes), real(Array::of(unit, bytes.shape));
  const InceptionFeatures features(settings_of("64"), &workers);
  const FeatureBlock a = features.of(whole.pictures()).read(0, 5);
  const FeatureBlock b = features.of(real.pictures(PixelRange{0, 1})).read(0, 5);
  for (std::size_t i = 0; i < a.rows.size(); ++i)
    CHECK(a.rows[i] == Approx(b.rows[i]).epsilon(1e-5).margin(1e-6));
  CHECK_THAT(complaint([&] { static_cast<void>(features.of(real.pictures())); }),
             Contains("give " + setting("range")));
}

TEST_CASE("layers and weights that there are not are refused") {
  Workers workers(1);
  const auto make = [&](const std::string& layer) {
    return complaint([&] { const InceptionFeatures features(settings_of(layer), &workers); });
  };
  CHECK_THAT(make("100"), EndsWith("'100' is not one of 64, 192, 768, 2048"));
  CHECK_THAT(make("logits"), Contains("is not one of"));
}
