// Densities known in closed form, which a model container can hold.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "density/density.hpp"
#include "io/array.hpp"

namespace pushforward {

// A parameter array; `name` is its path below /model/parameters.
struct ModelArray {
  std::string name;
  Array array;
};

// A text, an attribute of /model.
struct ModelText {
  std::string name, text;
};

class AnalyticDensity : public Density {
 public:
  // The parameters and texts that define the density; reading them back gives the same density.
  [[nodiscard]] virtual std::vector<ModelArray> arrays() const = 0;
  [[nodiscard]] virtual std::vector<ModelText> texts() const { return {}; }
};

}  // namespace pushforward
