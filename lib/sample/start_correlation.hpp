// Whether rows still show where their chains began.
#pragma once

#include <cstddef>
#include <utility>
#include <vector>

namespace pushforward {

// The correlation over chains of each column's start and end, collected block by block.
class StartCorrelation {
 public:
  explicit StartCorrelation(std::size_t dimension) : sums_(dimension) {}

  // [n, dimension] each, row i of both being chain i.
  template <class T>
  void add(const std::vector<T>& start, const std::vector<T>& end);

  struct Worst {
    std::size_t column = 0;
    double correlation = 0;  // the largest in size; 0 where nothing varies
  };
  [[nodiscard]] Worst worst() const;
  // What would be a correlation by chance is not worth a warning: six standard errors of that of
  // independent numbers, and at least 0.2.
  [[nodiscard]] double noticeable() const;

 private:
  struct Sums {  // about the first chain's numbers
    double first_start = 0, first_end = 0;
    double start = 0, end = 0, start_start = 0, start_end = 0, end_end = 0;
  };
  std::vector<Sums> sums_;
  std::size_t chains_ = 0;
};

}  // namespace pushforward
