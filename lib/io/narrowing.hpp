// What columns of numbers lose when they become float32.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace pushforward {

class NarrowedColumns {
 public:
  // A number of column `column`, from 0.
  void see(std::size_t column, double value);

  // A phrase about the first column (counted from 1, as in text) that loses something that matters,
  // and how many more there are; empty for none. It holds whole numbers that float32 does not have,
  // or float32 has fewer than 1,000 steps to its standard deviation.
  [[nodiscard]] std::string remark() const;

 private:
  struct Column {
    double count = 0, mean = 0, squares = 0;  // squares: of the distances from the mean
    double lost = 0;                          // a whole number that float32 does not have, or 0
  };
  std::vector<Column> columns_;
};

}  // namespace pushforward
