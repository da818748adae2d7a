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
  std::size_t dimension = 2;                // of those that take "dim"
  bool dimension_given = false;             // formula: else there are as many as names
  double correlation = 0;                   // gaussian
  std::optional<double> noise;              // the planar ones, 8gaussians, 25gaussians
  std::optional<std::size_t> size;          // shapes: of a picture, else 28; phi4: else 8
  std::string weights, means, covariances;  // mixture: files
  // formula: its text or @FILE; lists, or files for the bounds.
  std::string text, names, lower, upper;
  std::vector<std::string> data_names, data_files;  // formula, logistic-regression
  double mass = -4, coupling = 8;                   // phi4
};

// The options that a distribution takes: its settings, "count" if rows can be drawn from it,
// "label" if they can be labelled on request, "model" if it has an analytic model. Error(usage) for
// an unknown name.
[[nodiscard]] const std::vector<std::string>& options_of(const std::string& name);
// The options that some distributions take and others do not: all of them but "count".
[[nodiscard]] std::vector<std::string> particular_distribution_options();
// The names of all distributions, or of those that take `option`, separated by blanks.
[[nodiscard]] std::string distribution_names(const std::string& option = "");

// Error(usage) if settings that the distribution takes are invalid, for rows or for a model.
void check(const Distribution& distribution, bool model);

// For distributions that take "count"; not for shapes, whose rows are images (density/shapes.hpp).
[[nodiscard]] std::unique_ptr<RowGenerator> make_rows(const Distribution& distribution,
                                                      std::uint64_t seed);
// For distributions that take "model".
[[nodiscard]] std::unique_ptr<AnalyticDensity> make_density(const Distribution& distribution);

}  // namespace pushforward
