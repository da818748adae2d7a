// Scores the rows of a file by a plan, block by block.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "io/rows.hpp"
#include "likelihood/density_method.hpp"

namespace pushforward {

// Whether log densities of these rows depend on the seed.
[[nodiscard]] bool uses_seed(const DensityPlan& plan, const RowReader& rows);

// What ode and bound say of their log densities: means over the rows.
struct DensityEstimate {
  double error = 0, evaluations = 0;
};

// What was computed, over the rows of the run.
struct DensityTotals {
  std::vector<double> log_density;  // where nothing is written
  std::optional<DensityEstimate> estimate;
  std::vector<std::pair<std::string, double>> terms;  // of the bound, by name: their means
};

// Writes the rows [run.first, run.end) with the datasets beside them, /log_density, for ode and
// bound /log_density_error and /evaluations, for bound its terms /bound_prior, /bound_diffusion and
// /bound_decoder, and with run.score /score; nothing where `writer` is null. T is float or double.
// A log density of -infinity is that of a row of zero density; Error(numerical) names a row whose
// log density or score is any other number that is not finite.
template <class T>
[[nodiscard]] DensityTotals score_rows(const DensityPlan& plan, const RowReader& rows,
                                       const DensityRun& run, ContainerWriter* writer);

extern template DensityTotals score_rows<float>(const DensityPlan&, const RowReader&,
                                                const DensityRun&, ContainerWriter*);
extern template DensityTotals score_rows<double>(const DensityPlan&, const RowReader&,
                                                 const DensityRun&, ContainerWriter*);

}  // namespace pushforward
