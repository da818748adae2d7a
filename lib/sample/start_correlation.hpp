// Whether rows still show where their chains began.
#pragma once

#include <cstddef>
#include <utility>
#include <vector>

#include "base/matrix.hpp"

namespace pushforward {

// The correlation over chains of each column's start and end, collected block by block.
class StartCorrelation {
 public:
  explicit StartCorrelation(std::size_t dimension)
      : start_({dimension}, 0.0),
        end_(start_),
        start_start_(start_),
        start_end_(start_),
        end_end_(start_) {}

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
  Vector<double> first_start_, first_end_;  // the first chain's numbers
  // Sums over chains of each column, about the first chain, and of their products.
  Vector<double> start_, end_, start_start_, start_end_, end_end_;
  std::size_t chains_ = 0;
};

}  // namespace pushforward
