// The noise that a flow of 8-bit data adds to its rows.
#pragma once

#include <optional>

#include "flow/flow.hpp"

namespace pushforward {

// Which noise: of a seed, for rows from `first_row` on; `draw` counts independent ones.
struct NoiseDraw {
  std::uint64_t seed = 0, first_row = 0;
  std::uint32_t draw = 0;
};

// A row's noise depends on NoiseDraw, the row and its context alone. T is float or double.
template <class T>
class Dequantizer {
 public:
  // `parameters` are those of the flow, or others in their place. The flow must outlive this.
  Dequantizer(const Flow& flow, const ParameterTable& parameters, Workers* workers);

  // Adds noise to rows [n, D] of whole numbers, given `context` [n, context columns] (empty for a
  // flow without). Returns the log density of each row's noise, 0 for uniform one.
  [[nodiscard]] std::vector<T> add_noise(std::vector<T>* rows, const std::vector<T>& context,
                                         const NoiseDraw& draw);

 private:
  std::size_t columns_, context_columns_;
  std::optional<RowEvaluator<T>> noise_;  // of rows [x | uniforms | context]; none: it is uniform
};

extern template class Dequantizer<float>;
extern template class Dequantizer<double>;

}  // namespace pushforward
