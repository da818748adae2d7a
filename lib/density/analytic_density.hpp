// Densities known in closed form, as a model container holds them.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "density/density.hpp"
#include "io/array.hpp"

namespace pushforward {

// An array of a model's parameters by its name below /model/parameters.
struct ModelArray {
  std::string name;
  Array array;
};

class AnalyticDensity : public Density {
 public:
  // What defines the density, in double; reading it back gives the same density.
  [[nodiscard]] virtual std::vector<ModelArray> arrays() const = 0;
};

}  // namespace pushforward
