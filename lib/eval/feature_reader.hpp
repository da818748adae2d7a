// Opens the sets that fid-eval is given, as the features it is asked for.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/lanes.hpp"
#include "eval/feature_source.hpp"
#include "eval/picture_source.hpp"
#include "eval/statistics_file.hpp"
#include "graph/plan.hpp"

namespace pushforward {

class InceptionFeatures;
class ModelFeatures;

struct FeatureChoice {
  std::string features = "identity";    // or "inception", "model"
  std::string weights;                  // of the Inception network, or the model's file
  std::string layer;                    // "2048" of the Inception network, "3" of a model
  double sigma = 0;                     // noise level given to a score model; 0: its lowest
  std::string resize = "bilinear";      // of pictures for the Inception network
  std::vector<double> range;            // black and white of real-valued pictures; may be empty
  Products products = Products::exact;  // of the Inception network
};

// A set before its rows are read: either statistics from a file, or a source of rows.
struct OpenSet {
  std::optional<StoredStatistics> statistics;
  std::optional<FeatureSource> source;
  [[nodiscard]] const std::string& name() const { return source ? source->name : statistics->name; }
  [[nodiscard]] const FeatureDescription& description() const {
    return source ? source->description : statistics->features;
  }
  [[nodiscard]] std::size_t dimension() const {
    return source ? source->dimension : statistics->statistics.dimension();
  }
};

class FeatureReader {
 public:
  // Reads the network or the model, if the choice names one. Errors are about its file, or about
  // the choice, such as a layer that does not exist. `logits` also asks for the logits of the
  // Inception network, which need the weights of its last layer.
  FeatureReader(FeatureChoice choice, bool logits, Workers* workers);
  ~FeatureReader();

  // A stats container; an NPZ file of mu and sigma; a tensor container; a folder of pictures.
  // Error(usage) or Error(invalid) if it is none of these, or has no such features.
  [[nodiscard]] OpenSet open(const std::string& location) const;

 private:
  FeatureChoice choice_;
  Workers* workers_;
  std::optional<PixelRange> range_;
  std::unique_ptr<InceptionFeatures> inception_;
  std::unique_ptr<ModelFeatures> model_;
};

}  // namespace pushforward
