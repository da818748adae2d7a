// The draws of Markov chains that are kept until the end of a run, for its report.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

namespace pushforward {

// All numbers of all draws or, where they are more than `most`, evenly spread ones: first every
// k-th draw of a chain, as long as 250 are left, then every k-th chain, then some of the columns.
// Effective sample sizes of thinned draws are at most those of all.
class KeptDraws {
 public:
  static constexpr std::size_t all = std::numeric_limits<std::size_t>::max();

  KeptDraws(std::uint64_t chains, std::size_t draws, std::size_t dimension, std::size_t most);

  // Rows of the chains first, first + 1, ..., counted from the first that is added: [chains, draws,
  // dimension].
  template <class T>
  void add(std::uint64_t first, const std::vector<T>& rows);

  [[nodiscard]] std::size_t chains() const;  // that were added and are kept
  // [columns kept][chains kept x draws kept], chain after chain.
  [[nodiscard]] std::vector<std::vector<double>>& columns() { return columns_; }

 private:
  std::size_t draws_, dimension_;
  std::size_t draw_every_ = 1, chain_every_ = 1;
  std::vector<std::size_t> which_;  // columns
  std::vector<std::vector<double>> columns_;
};

}  // namespace pushforward
