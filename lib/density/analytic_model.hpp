// Analytic models in a model container: pushforward-format(5).
#pragma once

#include <memory>
#include <string>

#include "density/analytic_density.hpp"
#include "io/container.hpp"

namespace pushforward {

// Writes /model with the attributes family = "analytic", name and dimension, and the arrays of the
// density below /model/parameters. `name` is gaussian, mixture, 8gaussians, 25gaussians, funnel or
// banana.
void write_analytic_model(ContainerWriter& writer, const std::string& name,
                          const AnalyticDensity& density);

// Reads one back. Error(invalid) if the container is not an analytic model, a dataset is missing
// (not_found), of the wrong shape, or no such density: names the file and the dataset.
[[nodiscard]] std::unique_ptr<AnalyticDensity> read_analytic_model(const ContainerReader& reader);

}  // namespace pushforward
