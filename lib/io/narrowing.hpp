// What columns of numbers lose when they are converted to float32.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace pushforward {

class NarrowedColumns {
 public:
  // Adds a number of a column, counted from 0.
  void see(std::size_t column, double value);

  // A phrase for a warning: the first column (its name, or its number from 1) that loses
  // information, and how many more there are; empty if there is none. A column loses information if
  // it holds whole numbers that float32 cannot represent, or if float32_is_coarse()
  // (base/precision.hpp).
  [[nodiscard]] std::string remark(const std::vector<std::string>& names = {}) const;

 private:
  struct Column {
    double count = 0, mean = 0, squares = 0;  // squares: of deviations from the mean
    double lost = 0;                          // a whole number that float32 cannot represent, or 0
  };
  std::vector<Column> columns_;
};

}  // namespace pushforward
