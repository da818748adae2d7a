// Analytic models in a model container: pushforward-format(5).
#pragma once

#include <memory>
#include <string>

#include "density/analytic_density.hpp"
#include "io/container.hpp"

namespace pushforward {

// Writes /model with the attributes family = "analytic", name and dimension, and the arrays of the
// density below /model/parameters. `name` is gaussian, mixture, 8gaussians, 25gaussians, funnel,
// banana, or anything for a formula (density/formula/formula_density.hpp).
void write_analytic_model(ContainerWriter& writer, const std::string& name,
                          const AnalyticDensity& density);

// Reads an analytic model. Error(not_found) if a dataset is missing; Error(invalid) if the
// container is no analytic model, or datasets have the wrong shape or define no density. Errors
// name the file and the dataset.
[[nodiscard]] std::unique_ptr<AnalyticDensity> read_analytic_model(const ContainerReader& reader);

}  // namespace pushforward
