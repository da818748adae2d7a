// Split R-hat as a function of the number of draws.
#pragma once

#include <string>
#include <vector>

#include "io/rows.hpp"

namespace pushforward {

struct RhatCurves {
  std::string name;  // of the file
  bool trajectory = false;
  std::vector<std::string> titles;  // of the columns
  // The last draw that is used: a step of a trajectory, or the number of a draw.
  std::vector<double> places;
  // For each column, rank_normalized_rhat (eval/mcmc_diagnostics.hpp) of the draws up to there.
  std::vector<std::vector<double>> values;
};

// At up to 60 evenly chosen places, from at least 8 draws per chain to the last draw. Chains are
// read by read_chains (plot/chains.hpp): at most 256 chains, 2^15 draws of a column and 8 columns.
// Error(invalid) as there, and for fewer than 8 draws per chain or for constant chains.
[[nodiscard]] RhatCurves read_rhat_curves(const RowReader& reader, const std::string& column);

}  // namespace pushforward
