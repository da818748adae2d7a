// Places buffers of known lifetimes in one workspace.
#pragma once

#include <algorithm>
#include <cstddef>
#include <map>

namespace pushforward {

// Best fit over the freed gaps; offsets and sizes are in numbers, rounded up to whole cache lines.
class BufferPlanner {
 public:
  [[nodiscard]] std::size_t take(std::size_t count) {
    count = rounded(count);
    auto best = gaps_.end();
    for (auto gap = gaps_.begin(); gap != gaps_.end(); ++gap)
      if (gap->second >= count && (best == gaps_.end() || gap->second < best->second)) best = gap;
    if (best == gaps_.end()) {
      // A gap at the end grows rather than stays.
      std::size_t offset = end_;
      if (!gaps_.empty()) {
        const auto last = std::prev(gaps_.end());
        if (last->first + last->second == end_) {
          offset = last->first;
          gaps_.erase(last);
        }
      }
      end_ = offset + count;
      return offset;
    }
    const std::size_t offset = best->first, left = best->second - count;
    gaps_.erase(best);
    if (left > 0) gaps_[offset + count] = left;
    return offset;
  }

  void give_back(std::size_t offset, std::size_t count) {
    auto gap = gaps_.emplace(offset, rounded(count)).first;
    if (const auto next = std::next(gap);
        next != gaps_.end() && gap->first + gap->second == next->first) {
      gap->second += next->second;
      gaps_.erase(next);
    }
    if (gap != gaps_.begin())
      if (const auto before = std::prev(gap); before->first + before->second == gap->first) {
        before->second += gap->second;
        gaps_.erase(gap);
      }
  }

  [[nodiscard]] std::size_t size() const { return end_; }

 private:
  static std::size_t rounded(std::size_t count) { return (count + 15) / 16 * 16; }
  std::map<std::size_t, std::size_t> gaps_;  // offset to size
  std::size_t end_ = 0;
};

}  // namespace pushforward
