// Features of rows from one of this toolkit's own models.
#pragma once

#include <string>

#include "base/lanes.hpp"
#include "eval/feature_source.hpp"
#include "sample/sampled_model.hpp"

namespace pushforward {

struct ModelFeatureSettings {
  int layer = 0;     // of a score model: hidden layer, from 1; 0: the last
  double level = 0;  // of a score model: noise level, in the model's units; 0: its lowest
};

// The function from rows to features of a model, shared by the sets that are compared.
class ModelFeatures {
 public:
  // Of a flow, the noise that rows are encoded to ("latent"). Of a score model, the units of a
  // hidden layer ("hidden-3"): no noise is added to the rows, the model is given the noise level
  // and no class. Error(invalid) for an analytic model, for a layer or a level that the model does
  // not have, or for a model that needs a class.
  ModelFeatures(const std::string& location, const ModelFeatureSettings& settings,
                Workers* workers);

  // Error(invalid) if the rows do not have the model's number of columns, or lack the context that
  // a conditional flow was trained with.
  [[nodiscard]] FeatureSource of(ContainerReader rows) const;

 private:
  std::shared_ptr<const SampledModel> model_;
  FeatureDescription description_;
  std::function<std::vector<double>(const std::vector<float>& rows, std::size_t count)> run_;
  std::size_t dimension_ = 0;
};

}  // namespace pushforward
