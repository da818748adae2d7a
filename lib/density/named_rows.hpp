// Rows of named distributions: the toy data of papers on flows and score models.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "density/gaussian_mixture.hpp"

namespace pushforward {

// Row i is a pure function of (seed, i): any range of rows can be made alone.
class RowGenerator {
 public:
  virtual ~RowGenerator() = default;
  [[nodiscard]] virtual std::size_t dimension() const = 0;
  // The number of components whose index can label a row; 0 if there are none.
  [[nodiscard]] virtual int components() const { return 0; }
  // Empty if no column lies far from 0.
  [[nodiscard]] virtual ColumnScales column_scales() const { return {}; }
  // Writes rows first_row, first_row + 1, ... to x [rows, dimension], and the component of each to
  // label [rows] unless that is null or there are no components.
  virtual void fill(double* x, std::int32_t* label, std::size_t rows,
                    std::uint64_t first_row) const = 0;
};

// The names that make_planar_rows() takes.
[[nodiscard]] const std::vector<std::string>& planar_names();

// Two-dimensional rows, as defined by FFJORD's toy data (Grathwohl et al. 2019): moons, circles,
// checkerboard, pinwheel, spirals, rings. `noise` is the standard deviation of the normal noise in
// the units of the rows; the default is FFJORD's: 0.2, 0.24, 0, 0, 0.1, 0.08.
[[nodiscard]] std::unique_ptr<RowGenerator> make_planar_rows(const std::string& name,
                                                             std::uint64_t seed,
                                                             std::optional<double> noise);

// Covariances must be positive definite, or zero.
[[nodiscard]] std::unique_ptr<RowGenerator> make_mixture_rows(const MixtureParameters& mixture,
                                                              std::uint64_t seed);

// The distribution of correlated_gaussian() (density/gaussian_mixture.hpp).
[[nodiscard]] std::unique_ptr<RowGenerator> make_gaussian_rows(std::size_t dimension,
                                                               double correlation,
                                                               std::uint64_t seed);

// The distributions of density/funnel.hpp and density/banana.hpp with their defaults;
// dimension >= 2.
[[nodiscard]] std::unique_ptr<RowGenerator> make_funnel_rows(std::size_t dimension,
                                                             std::uint64_t seed);
[[nodiscard]] std::unique_ptr<RowGenerator> make_banana_rows(std::size_t dimension,
                                                             std::uint64_t seed);

}  // namespace pushforward
