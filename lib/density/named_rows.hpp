// Rows of named distributions: the toy data that papers on flows and score models share.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "density/gaussian_mixture.hpp"

namespace pushforward {

// Row i is a pure function of (seed, i): ten rows are the first ten of twenty, and any range of
// rows can be made alone.
class RowGenerator {
 public:
  virtual ~RowGenerator() = default;
  [[nodiscard]] virtual std::size_t dimension() const = 0;
  // How many parts the distribution has whose number can label a row; 0 if it has none.
  [[nodiscard]] virtual int components() const { return 0; }
  // Empty where they are near 0.
  [[nodiscard]] virtual ColumnScales column_scales() const { return {}; }
  // Rows first_row, first_row + 1, ... into x [rows, dimension], and the number of the part each
  // came from into label [rows] unless it is null or there are no parts.
  virtual void fill(double* x, std::int32_t* label, std::size_t rows,
                    std::uint64_t first_row) const = 0;
};

// The names that make_planar_rows knows.
[[nodiscard]] const std::vector<std::string>& planar_names();

// Rows of the plane, as FFJORD's toy data (Grathwohl et al. 2019) define them: moons, circles,
// checkerboard, pinwheel, spirals, rings. `noise` is the standard deviation of the normal noise in
// the units of the rows; without it, FFJORD's: 0.2, 0.24, none, none, 0.1, 0.08.
[[nodiscard]] std::unique_ptr<RowGenerator> make_planar_rows(const std::string& name,
                                                             std::uint64_t seed,
                                                             std::optional<double> noise);

// Covariances must be positive definite, or zero.
[[nodiscard]] std::unique_ptr<RowGenerator> make_mixture_rows(const MixtureParameters& mixture,
                                                              std::uint64_t seed);

// Unit variances, every pair correlated `correlation` in (-1 / (D - 1), 1).
[[nodiscard]] std::unique_ptr<RowGenerator> make_gaussian_rows(std::size_t dimension,
                                                               double correlation,
                                                               std::uint64_t seed);

// The laws of density/funnel.hpp and density/banana.hpp with their defaults; dimension >= 2.
[[nodiscard]] std::unique_ptr<RowGenerator> make_funnel_rows(std::size_t dimension,
                                                             std::uint64_t seed);
[[nodiscard]] std::unique_ptr<RowGenerator> make_banana_rows(std::size_t dimension,
                                                             std::uint64_t seed);

}  // namespace pushforward
