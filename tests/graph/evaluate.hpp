// Evaluates an expression on given values, for tests.
#pragma once

#include <vector>

#include "graph/plan.hpp"

namespace pushforward {

template <class T>
std::vector<T> evaluate(Expr y, const std::vector<Expr>& inputs,
                        const std::vector<std::vector<T>>& values) {
  Evaluator<T> evaluator(inputs, {}, {y});
  std::vector<T> out(static_cast<std::size_t>(y.rows() * y.columns()));
  std::vector<const T*> pointers;
  for (const std::vector<T>& value : values) pointers.push_back(value.data());
  evaluator.run(0, pointers, {out.data()});
  return out;
}

}  // namespace pushforward
