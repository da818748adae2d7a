// Split R-hat against the number of draws.
#pragma once

#include <string>
#include <vector>

#include "io/rows.hpp"

namespace pushforward {

struct RhatCurves {
  std::string name;  // of the file
  bool trajectory = false;
  std::vector<std::string> titles;  // of the columns
  // Of the last draw that enters: a step of a trajectory, or the number of a draw.
  std::vector<double> places;
  // rank_normalized_rhat (eval/mcmc_diagnostics.hpp) of each column, over the draws up to there.
  std::vector<std::vector<double>> values;
};

// At up to 60 places, evenly chosen, of 8 draws a chain or more, up to the last draw. Chains are
// read as read_chains (plot/chains.hpp) does: 256 chains, 2^15 draws of a column and 8 columns at
// most. Error(invalid) as there, and for fewer than 8 draws of a chain or chains that do not move.
[[nodiscard]] RhatCurves read_rhat_curves(const RowReader& reader, int column);

}  // namespace pushforward
