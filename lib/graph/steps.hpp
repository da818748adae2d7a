// One kernel call of a Plan, with everything about it decided; for lib/graph alone.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "graph/node.hpp"

namespace pushforward {

// A place known when a plan is compiled: which of the run's buffers, and where in it.
struct Place {
  int base = -1;
  std::size_t offset = 0;
};

template <class T>
class StepBuffers;

template <class T>
struct Step {
  // For a plan's profile: the operator's name, and its shape or what else tells of its work.
  const char* kernel = "";
  std::string shape;  // "64x128x64"
  std::function<void(const Kernels<T>& kernel, const StepBuffers<T>& at)> run;
  std::size_t scratch_size = 0;  // in numbers
  // Given by the plan.
  std::vector<Place> in;
  Place out, scratch;

  static T number(double x) { return static_cast<T>(x); }
};

// Where a step finds its numbers in a run.
template <class T>
class StepBuffers {
 public:
  StepBuffers(const Step<T>& step, T* const* bases) : step_(step), bases_(bases) {}
  [[nodiscard]] const T* in(std::size_t i) const { return at(step_.in[i]); }
  // The third operand of a product, or null.
  [[nodiscard]] const T* bias() const { return step_.in.size() > 2 ? in(2) : nullptr; }
  [[nodiscard]] T* out() const { return at(step_.out); }
  // Null where the step has no scratch memory.
  [[nodiscard]] T* scratch() const { return step_.scratch_size > 0 ? at(step_.scratch) : nullptr; }

 private:
  [[nodiscard]] T* at(const Place& place) const { return bases_[place.base] + place.offset; }
  const Step<T>& step_;
  T* const* bases_;
};

[[nodiscard]] inline std::size_t extent(int i) { return static_cast<std::size_t>(i); }

[[nodiscard]] inline std::size_t size_of(const Node* node) {
  return extent(node->rows) * extent(node->columns);
}

[[nodiscard]] inline std::string shape_name(const Node& node) {
  return std::to_string(node.rows) + "x" + std::to_string(node.columns);
}

// How operand i is spread over the result of a node.
[[nodiscard]] inline Operand spread_of(const Node& node, std::size_t i) {
  const Node& input = *node.inputs[i];
  return {input.rows == 1 && node.rows > 1 ? 0 : extent(input.columns),
          input.columns == 1 && node.columns > 1 ? std::size_t{0} : std::size_t{1}};
}

}  // namespace pushforward
