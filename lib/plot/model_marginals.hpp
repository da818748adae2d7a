// The marginal densities of a model, of one column and of two.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "base/lanes.hpp"
#include "density/gaussian_mixture.hpp"
#include "plot/layers.hpp"
#include "plot/plane_rows.hpp"

namespace pushforward {

// Exact for mixtures of Gaussians; for other models those of rows drawn from them, by histograms.
struct ModelMarginals {
  std::string name;  // of the file
  std::size_t dimension = 0;
  MixtureParameters mixture;               // without components: drawn
  std::vector<std::vector<double>> drawn;  // of each column
  [[nodiscard]] bool exact() const { return drawn.empty(); }
};

// Of a mixture of Gaussians, a flow or a score model; `label` is the class of a conditional one, -1
// for none. Error(invalid), naming the file, for models that cannot be drawn from exactly.
[[nodiscard]] ModelMarginals read_model_marginals(const ContainerReader& reader, int label,
                                                  int threads);

// Where a column has its mass.
[[nodiscard]] Interval range_of(const ModelMarginals& model, std::size_t column);

// The density of a column as points of a line: of a curve, or of the outline of `bins` bars.
struct Outline {
  std::vector<double> x, y;
};
[[nodiscard]] Outline marginal(const ModelMarginals& model, std::size_t column,
                               const Interval& range, int bins);

// The density of two columns over a panel.
[[nodiscard]] ScalarField marginal(const ModelMarginals& model, std::size_t across, std::size_t up,
                                   const Interval& x, const Interval& y, int cells);

}  // namespace pushforward
