// Features of rows from one of this toolkit's own models.
#pragma once

#include <string>

#include "base/lanes.hpp"
#include "eval/feature_source.hpp"
#include "sample/sampled_model.hpp"

namespace pushforward {

struct ModelFeatureSettings {
  int layer = 0;     // of a score model: hidden layer, from 1; 0: the last
  double level = 0;  // of a score model: noise level of the rows, in units of the model's; 0: its
                     // least
};

// A model's way from rows to features, shared by the sets that are compared.
class ModelFeatures {
 public:
  // Of a flow the noise that rows are encoded to ("latent"), of a score model the units of a hidden
  // layer ("hidden-3"), rows taken as they are at that noise level, of an unknown class.
  // Error(invalid) for an analytic model, a layer or a level that the model has not, or a model
  // that cannot do without a class.
  ModelFeatures(const std::string& location, const ModelFeatureSettings& settings,
                Workers* workers);

  // Error(invalid) if rows have another number of columns than the model's, or lack the context
  // that a conditional flow was trained with.
  [[nodiscard]] FeatureSource of(ContainerReader rows) const;

 private:
  std::shared_ptr<const SampledModel> model_;
  FeatureDescription description_;
  std::function<std::vector<double>(const std::vector<float>& rows, std::size_t count)> run_;
  std::size_t dimension_ = 0;
};

}  // namespace pushforward
