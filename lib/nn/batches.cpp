#include "nn/batches.hpp"

namespace pushforward {

const std::uint64_t* Batches::of_step(std::int64_t step) {
  const std::uint64_t first = static_cast<std::uint64_t>(step) * batch_;
  orders_.erase(orders_.begin(), orders_.lower_bound(first / rows_));
  for (std::size_t i = 0; i < batch_; ++i) {
    const std::uint64_t at = first + i, epoch = at / rows_;
    auto order = orders_.find(epoch);
    if (order == orders_.end())
      order = orders_.emplace(epoch, permutation(rows_, random_, static_cast<std::uint32_t>(epoch)))
                  .first;
    index_[i] = order->second[at % rows_];
  }
  return index_.data();
}

}  // namespace pushforward
