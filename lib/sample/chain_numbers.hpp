// What a run of Markov chains leaves for its report (eval/chain_report.hpp).
#pragma once

#include <cstddef>
#include <optional>
#include <vector>

namespace pushforward {

struct ChainNumbers {
  std::size_t chains = 0;                  // of which draws are kept
  double evaluations = 0;                  // of the score, per row of output
  std::optional<double> acceptance;        // mean probability after burn-in
  std::vector<std::vector<double>> draws;  // of each column, chain after chain; may be empty
  std::vector<double> energies;            // chain after chain, after burn-in; may be empty
};

}  // namespace pushforward
