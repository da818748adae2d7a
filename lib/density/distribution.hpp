// The named distributions, and what each one can be told.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "density/analytic_density.hpp"
#include "density/named_rows.hpp"

namespace pushforward {

// A name with its settings; each stands for an option of tensor-gen.
struct Distribution {
  std::string name;
  std::size_t dimension = 2;                // gaussian, funnel, banana
  double correlation = 0;                   // gaussian
  std::optional<double> noise;              // the planar ones, 8gaussians, 25gaussians
  std::size_t image_size = 28;              // shapes
  std::string weights, means, covariances;  // mixture: files
};

// The options that a distribution takes: its settings, "label" where rows can be labelled on
// request, "model" where it has an analytic model. Error(usage) for a name that there is not.
[[nodiscard]] const std::vector<std::string>& options_of(const std::string& name);
// All names; those that take `option` if it is not empty. Separated by blanks.
[[nodiscard]] std::string distribution_names(const std::string& option = "");

// Error(usage) where settings that the distribution takes do not make sense.
void check(const Distribution& distribution, bool model);

// Not for shapes, whose rows are images (density/shapes.hpp).
[[nodiscard]] std::unique_ptr<RowGenerator> make_rows(const Distribution& distribution,
                                                      std::uint64_t seed);
// Of those that take "model".
[[nodiscard]] std::unique_ptr<AnalyticDensity> make_density(const Distribution& distribution);

}  // namespace pushforward
