#include "eval/picture_features.hpp"

#include <algorithm>
#include <cmath>

#include "base/error.hpp"
#include "base/stop.hpp"
#include "eval/checksum.hpp"

namespace pushforward {
namespace {

constexpr std::size_t side = 299, picture_numbers = side * side * 3;
constexpr std::size_t lane_pictures = 8;  // run through the network together
constexpr std::size_t block_pictures = 64;

std::string remark_of(const PictureSource& pictures) {
  std::string text;
  if (pictures.clipped() > 0)
    text =
        std::to_string(pictures.clipped()) + " numbers lay outside of the range and were cut off";
  if (pictures.passed_over() > 0)
    text += (text.empty() ? "" : "; ") + std::to_string(pictures.passed_over()) +
            " files are no pictures and were passed over";
  return text;
}

FeatureSource source_of(const std::shared_ptr<PictureSource>& pictures) {
  FeatureSource source;
  source.name = pictures->name();
  source.count = pictures->count();
  source.history = pictures->history();
  source.remark = [pictures] { return remark_of(*pictures); };
  require_two_rows(source.name, "has", source.count);
  return source;
}

std::vector<InceptionOutput> wanted_outputs(const InceptionFeatureSettings& settings) {
  const std::string layer = settings.layer.empty() ? "2048" : settings.layer;
  for (const char* name : {"64", "192", "768", "2048"})
    if (layer == name) {
      std::vector<InceptionOutput> outputs = {
          value_named(inception_outputs(), layer, "layer", setting("layer"))};
      if (settings.logits) outputs.push_back(InceptionOutput::logits_unbiased);
      return outputs;
    }
  fail_usage("option " + setting("layer") + ": '" + layer + "' is not one of 64, 192, 768, 2048");
}

std::string checksum_of(const InceptionWeights& weights) {
  Checksum sum;
  for (const ConvolutionWeights& one : weights.convolutions)
    for (const std::vector<float>* part :
         {&one.weight, &one.scale, &one.shift, &one.mean, &one.variance})
      sum.add(*part);
  return sum.text();
}

}  // namespace

FeatureSource pixel_features(const std::string& folder, Workers* workers) {
  const auto pictures = std::make_shared<PictureSource>(folder, std::nullopt);
  FeatureSource source = source_of(pictures);
  const Picture first_picture = std::move(pictures->read(0, 1, *workers)[0]);
  const std::size_t height = first_picture.height, width = first_picture.width;
  source.description.name = "identity";
  source.dimension = 3 * height * width;
  source.row_shape = {3, height, width};
  source.block = std::max<std::size_t>(1, (std::size_t{1} << 20) / source.dimension);
  source.read = [=, name = source.name](std::size_t first, std::size_t count) {
    const std::vector<Picture> block = pictures->read(first, count, *workers);
    FeatureBlock features;
    features.rows.resize(count * 3 * height * width);
    double* row = features.rows.data();
    for (std::size_t i = 0; i < count; ++i) {
      const Picture& picture = block[i];
      if (picture.height != height || picture.width != width)
        fail_invalid(name + ": its pictures have different sizes, number 1 has " +
                     std::to_string(width) + "x" + std::to_string(height) + " and number " +
                     std::to_string(first + i + 1) + " has " + std::to_string(picture.width) + "x" +
                     std::to_string(picture.height) + "; only " + setting("features") +
                     " inception takes them so");
      for (std::size_t channel = 0; channel < 3; ++channel)
        for (std::size_t pixel = 0; pixel < height * width; ++pixel)
          *row++ = picture.values[3 * pixel + channel];
    }
    return features;
  };
  return source;
}

InceptionFeatures::InceptionFeatures(InceptionFeatureSettings settings, Workers* workers)
    : settings_(std::move(settings)), workers_(workers) {
  InceptionSettings network;
  network.outputs = wanted_outputs(settings_);
  network.pictures = lane_pictures;
  const bool bf16 = settings_.products == Products::bf16;
  if (bf16) network.arithmetic = inception_arithmetic(Products::bf16);
  const InceptionWeights weights =
      read_inception_weights(settings_.weights, inception_classes_of(network.outputs));
  dimension_ = inception_width(network.outputs[0]);
  if (settings_.logits) logits_ = inception_width(network.outputs[1]);
  description_ = {
      "inception-" + std::to_string(dimension_),
      {{"weights", checksum_of(weights)}, {"resize", name_of(resize_names(), settings_.resize)}}};
  if (bf16) description_.details.emplace_back("precision", "bf16");
  network_ = std::make_shared<const Inception>(weights, network);
}

FeatureSource InceptionFeatures::of(PictureSource source_pictures) const {
  const auto pictures = std::make_shared<PictureSource>(std::move(source_pictures));
  FeatureSource source = source_of(pictures);
  source.description = description_;
  source.dimension = dimension_;
  source.logits = logits_;
  source.block = block_pictures;
  const auto count_workers = static_cast<std::size_t>(workers_->count());
  const auto workspaces = std::make_shared<std::vector<Inception::Workspace>>();
  const auto inputs = std::make_shared<std::vector<std::vector<float>>>(count_workers);
  for (std::size_t i = 0; i < count_workers; ++i) workspaces->push_back(network_->make_workspace());
  source.read = [=, network = network_, resize = settings_.resize, dimension = dimension_,
                 logits = logits_, workers = workers_,
                 name = source.name](std::size_t first, std::size_t count) {
    const std::vector<Picture> block = pictures->read(first, count, *workers);
    FeatureBlock features;
    features.rows.resize(count * dimension);
    features.logits.resize(count * logits);
    workers->run((count + lane_pictures - 1) / lane_pictures, [&](std::size_t lane, int worker) {
      throw_if_stopped();
      const std::size_t from = lane * lane_pictures, some = std::min(lane_pictures, count - from);
      std::vector<float>& input = (*inputs)[static_cast<std::size_t>(worker)];
      input.resize(lane_pictures * picture_numbers);
      for (std::size_t i = 0; i < some; ++i)
        network_input(block[from + i], resize, input.data() + i * picture_numbers, {3, side, side});
      double* const outputs[] = {features.rows.data() + from * dimension,
                                 features.logits.data() + from * logits};
      network->run(input.data(), some, &(*workspaces)[static_cast<std::size_t>(worker)], outputs);
    });
    for (std::size_t i = 0; i < features.rows.size(); ++i)
      if (!std::isfinite(features.rows[i]))
        fail_invalid(name + ": picture number " + std::to_string(first + i / dimension + 1) +
                     " has features that are not finite; are these the network's weights?");
    return features;
  };
  return source;
}

}  // namespace pushforward
