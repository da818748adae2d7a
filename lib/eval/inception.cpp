#include "eval/inception.hpp"

#include <algorithm>

#include "eval/inception_network.hpp"
#include "graph/bf16.hpp"

namespace pushforward {
namespace {

bool of_classes(InceptionOutput output) {
  return output == InceptionOutput::logits || output == InceptionOutput::logits_unbiased;
}

// The map that an output is computed from.
std::size_t map_of(InceptionOutput output) {
  return of_classes(output) ? inception_features : inception_width(output);
}

std::vector<std::size_t> maps_of(const std::vector<InceptionOutput>& outputs) {
  std::vector<std::size_t> maps;
  for (const InceptionOutput output : outputs) maps.push_back(map_of(output));
  return maps;
}

}  // namespace

const std::vector<Named<InceptionOutput>>& inception_outputs() {
  static const std::vector<Named<InceptionOutput>> all = {
      {InceptionOutput::pool64, "64"},     {InceptionOutput::pool192, "192"},
      {InceptionOutput::pool768, "768"},   {InceptionOutput::pool2048, "2048"},
      {InceptionOutput::logits, "logits"}, {InceptionOutput::logits_unbiased, "logits_unbiased"}};
  return all;
}

std::size_t inception_width(InceptionOutput output) {
  switch (output) {
    case InceptionOutput::pool64:
      return 64;
    case InceptionOutput::pool192:
      return 192;
    case InceptionOutput::pool768:
      return 768;
    case InceptionOutput::pool2048:
      return inception_features;
    case InceptionOutput::logits:
    case InceptionOutput::logits_unbiased:
      break;
  }
  return inception_classes;
}

InceptionClasses inception_classes_of(const std::vector<InceptionOutput>& outputs) {
  const auto wanted = [&](InceptionOutput one) {
    return std::find(outputs.begin(), outputs.end(), one) != outputs.end();
  };
  return wanted(InceptionOutput::logits)            ? InceptionClasses::weight_and_bias
         : wanted(InceptionOutput::logits_unbiased) ? InceptionClasses::weight
                                                    : InceptionClasses::none;
}

InceptionArithmetic inception_arithmetic(Products products) {
  if (products == Products::exact) return InceptionArithmetic::exact;
  return bf16_products() == Bf16Products::amx ? InceptionArithmetic::bf16_onednn
                                              : InceptionArithmetic::bf16_rounded;
}

Inception::Inception(const InceptionWeights& weights, InceptionSettings settings)
    : settings_(std::move(settings)),
      network_(inception_network(weights, maps_of(settings_.outputs), settings_)) {
  if (inception_classes_of(settings_.outputs) == InceptionClasses::none) return;
  class_weight_.resize(weights.class_weight.size());
  kernels<float>().transpose(inception_classes, inception_features, weights.class_weight.data(),
                             class_weight_.data());
  class_bias_ = weights.class_bias;
}

Inception::~Inception() = default;
Inception::Inception(Inception&&) noexcept = default;
Inception& Inception::operator=(Inception&&) noexcept = default;

Inception::Workspace Inception::make_workspace() const {
  return Workspace(network_->workspace_bytes());
}

void Inception::run(const float* pictures, std::size_t count, Workspace* workspace,
                    double* const* outputs) const {
  for (std::size_t begin = 0; begin < count; begin += settings_.pictures) {
    const std::size_t some = std::min(settings_.pictures, count - begin);
    const auto keep = [&](std::size_t which, std::size_t first, const std::vector<double>& means) {
      std::vector<float> logits;
      for (std::size_t o = 0; o < settings_.outputs.size(); ++o) {
        const InceptionOutput output = settings_.outputs[o];
        if (map_of(output) != which) continue;
        double* const to = outputs[o] + (begin + first) * inception_width(output);
        if (!of_classes(output)) {
          std::copy(means.begin(), means.end(), to);
          continue;
        }
        const std::vector<float> features(means.begin(), means.end());
        const std::size_t images = features.size() / inception_features;
        logits.resize(images * inception_classes);
        kernels<float>().matmul(images, inception_classes, inception_features, features.data(),
                                inception_features, 1, class_weight_.data(),
                                output == InceptionOutput::logits ? class_bias_.data() : nullptr,
                                logits.data());
        std::copy(logits.begin(), logits.end(), to);
      }
    };
    network_->run(pictures + begin * inception_side * inception_side * 3, some, workspace->data(),
                  keep);
  }
}

std::string Inception::profile(int runs) const {
  return network_->profile(settings_.pictures, runs);
}

}  // namespace pushforward
