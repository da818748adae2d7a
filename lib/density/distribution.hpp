// The named distributions and their settings.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "density/analytic_density.hpp"
#include "density/named_rows.hpp"

namespace pushforward {

// A name with its settings; each setting is an option of tensor-gen.
struct Distribution {
  std::string name;
  std::size_t dimension = 2;                // gaussian, funnel, banana
  double correlation = 0;                   // gaussian
  std::optional<double> noise;              // the planar ones, 8gaussians, 25gaussians
  std::size_t image_size = 28;              // shapes
  std::string weights, means, covariances;  // mixture: files
};

// The options that a distribution takes: its settings, "label" if rows can be labelled on request,
// "model" if it has an analytic model. Error(usage) for an unknown name.
[[nodiscard]] const std::vector<std::string>& options_of(const std::string& name);
// The names of all distributions, or of those that take `option`, separated by blanks.
[[nodiscard]] std::string distribution_names(const std::string& option = "");

// Error(usage) if settings that the distribution takes are invalid, for rows or for a model.
void check(const Distribution& distribution, bool model);

// Not for shapes, whose rows are images (density/shapes.hpp).
[[nodiscard]] std::unique_ptr<RowGenerator> make_rows(const Distribution& distribution,
                                                      std::uint64_t seed);
// For distributions that take "model".
[[nodiscard]] std::unique_ptr<AnalyticDensity> make_density(const Distribution& distribution);

}  // namespace pushforward
