// A step, compiled for lanes of one size.
#pragma once

#include <cstddef>
#include <vector>

#include "graph/plan.hpp"
#include "sample/chain_target.hpp"
#include "sample/step.hpp"

namespace pushforward {

// Its inputs are the matrices of the state, the normals, the uniforms, sigma and the constants; its
// outputs the matrices that the step changes. T is float or double.
template <class T>
struct StepProgram {
  // `columns` are those of the state's matrices. The target's parameters must be bound before it
  // runs, if it has any.
  StepProgram(const Step& of, const ChainTarget& target, const std::vector<std::size_t>& columns,
              std::size_t lane_rows, int workers, Products products);

  Step step;
  std::vector<std::size_t> changed;  // matrices of the state; it leaves the others as they are
  Evaluator<T> evaluator;

 private:
  Evaluator<T> compile(const ChainTarget& target, const std::vector<std::size_t>& columns,
                       std::size_t lane_rows, int workers, Products products);
};

extern template struct StepProgram<float>;
extern template struct StepProgram<double>;

}  // namespace pushforward
