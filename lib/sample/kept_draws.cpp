#include "sample/kept_draws.hpp"

#include <algorithm>

namespace pushforward {
namespace {

constexpr std::size_t min_draws = 250;

std::size_t quotient_up(std::size_t a, std::size_t b) { return a / b + (a % b != 0 ? 1 : 0); }

}  // namespace

KeptDraws::KeptDraws(std::uint64_t chains, std::size_t draws, std::size_t dimension,
                     std::size_t most)
    : draws_(draws), dimension_(dimension) {
  std::size_t columns = dimension;
  if (most != all) {
    const std::size_t count = static_cast<std::size_t>(chains);
    // Draws that one column may have of each chain.
    const std::size_t share = std::max(most / std::max<std::size_t>(count, 1), min_draws);
    draw_every_ = quotient_up(draws, share);
    if (draws / draw_every_ < min_draws) draw_every_ = std::max<std::size_t>(1, draws / min_draws);
    const std::size_t left = draws / draw_every_;
    chain_every_ =
        std::max<std::size_t>(1, quotient_up(count, std::max<std::size_t>(1, most / left)));
    const std::size_t rows = quotient_up(count, chain_every_) * left;
    columns = std::clamp<std::size_t>(most / std::max<std::size_t>(rows, 1), 1, dimension);
  }
  for (std::size_t k = 0; k < columns; ++k) which_.push_back(k * dimension / columns);
  columns_.resize(columns);
}

template <class T>
void KeptDraws::add(std::uint64_t first, const std::vector<T>& rows) {
  const std::size_t chain_size = draws_ * dimension_, chains = rows.size() / chain_size;
  for (std::size_t c = 0; c < chains; ++c) {
    if ((first + c) % chain_every_ != 0) continue;
    for (std::size_t draw = draw_every_ - 1; draw < draws_; draw += draw_every_) {
      const T* row = rows.data() + c * chain_size + draw * dimension_;
      for (std::size_t k = 0; k < which_.size(); ++k)
        columns_[k].push_back(static_cast<double>(row[which_[k]]));
    }
  }
}

std::size_t KeptDraws::chains() const { return columns_[0].size() / (draws_ / draw_every_); }

template void KeptDraws::add(std::uint64_t, const std::vector<float>&);
template void KeptDraws::add(std::uint64_t, const std::vector<double>&);

}  // namespace pushforward
