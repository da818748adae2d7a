// Everything that is wrong with a text file, reported at once.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace pushforward {

enum class CsvFault { length, missing, not_a_number, not_finite, label, long_text };

// Faults of one kind in one column are one: the first is told, and how many more there are.
class CsvFaults {
 public:
  // `text`, the message, is made only for the first fault of its kind in the column. It is given
  // whether this is the first column with such a fault, so that advice is given once.
  template <class MakeText>
  void add(CsvFault fault, std::size_t column, const MakeText& text) {
    bool first = true;
    for (Group& group : groups_) {
      first = first && group.fault != fault;
      if (group.fault != fault || group.column != column) continue;
      ++group.more;
      return;
    }
    groups_.push_back({fault, column, groups_.size() < max_shown ? text(first) : std::string(), 0});
  }
  [[nodiscard]] bool none() const { return groups_.empty(); }

  // Error(invalid) with a line for each of the first ten, and one that says how many more there
  // are.
  [[noreturn]] void fail(const std::string& file) const;

 private:
  static constexpr std::size_t max_shown = 10;
  struct Group {
    CsvFault fault;
    std::size_t column;
    std::string text;
    std::size_t more;
  };
  std::vector<Group> groups_;
};

}  // namespace pushforward
