// Features of pictures: their pixels, or features of the Inception network.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "base/lanes.hpp"
#include "eval/feature_source.hpp"
#include "eval/inception.hpp"
#include "eval/picture_resize.hpp"
#include "eval/picture_source.hpp"

namespace pushforward {

// The pixels of the pictures of a folder, channels first: all red, then green, then blue.
// Error(invalid) names the first picture whose size differs from that of the first.
[[nodiscard]] FeatureSource pixel_features(const std::string& folder, Workers* workers);

struct InceptionFeatureSettings {
  std::string weights;  // the file of weights
  std::string layer;    // "64", "192", "768", "2048"
  Resize resize = Resize::bilinear;
  std::optional<PixelRange> range;  // of real-valued pictures
  bool logits = false;              // also the logits of the classes, without bias
  Products products = Products::exact;
};

class InceptionFeatures {
 public:
  // Error(usage) for a layer that does not exist, Error(invalid) for weights that do not fit.
  InceptionFeatures(InceptionFeatureSettings settings, Workers* workers);

  [[nodiscard]] FeatureSource of(PictureSource pictures) const;

 private:
  InceptionFeatureSettings settings_;
  Workers* workers_;
  FeatureDescription description_;
  std::size_t dimension_ = 0, logits_ = 0;
  std::shared_ptr<const Inception> network_;
};

}  // namespace pushforward
