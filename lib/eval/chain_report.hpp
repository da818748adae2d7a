// The diagnostics of a run of Markov chains over vectors, as metrics with values.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "sample/chain_numbers.hpp"

namespace pushforward {

struct ChainReport {
  // acceptance, rhat_max, ess_bulk_min, ess_tail_min, e_bfmi, score_evaluations, then rhat_1,
  // ess_bulk_1, ess_tail_1, rhat_2, ...: those for which there are numbers.
  std::vector<std::pair<std::string, double>> rows;
  // A warning of one line if R-hat is above 1.01, if all chains together have fewer than 400
  // effective draws of bulk or tail (both limits of Vehtari et al. 2021), or if there are too few
  // draws to compute them. Empty if there is nothing to warn of, or no draws.
  std::string complaint;
  bool failed = false;  // R-hat is above 1.01, or not a number
};

[[nodiscard]] ChainReport report_chains(const ChainNumbers& numbers, int threads = 1);

}  // namespace pushforward
