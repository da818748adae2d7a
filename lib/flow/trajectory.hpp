// A flow's samples while it is trained: the frames of a film.
#pragma once

#include "base/lanes.hpp"
#include "flow/flow.hpp"

namespace pushforward {

// Draws the same rows with the weights of different steps: row i of every frame comes from the
// numbers that flow-sample draws row i from, given the same seed. Frames are written as they come,
// so memory holds one of them.
class Trajectory {
 public:
  // Frames of `rows` rows of shape `row_shape`, [2] or [1, 8, 8], of a flow made like `flow`. A
  // conditional flow is given the contexts of the first training rows, in turn.
  Trajectory(const Flow& flow, const TrainingRows& training_rows, std::size_t rows,
             const Shape& row_shape, std::uint64_t seed, int threads, ContainerWriter writer);

  // Adds a frame to /x [frames, rows, ...], float32 or, of 8-bit data, uint8, and its step to /step
  // [frames].
  void add(std::int64_t step, const std::vector<double>& parameters);
  // Finishes the file.
  void commit() { writer_.commit(); }

 private:
  Flow flow_;
  Shape frame_shape_;           // [1, rows, ...]
  std::vector<float> context_;  // [rows, context columns]
  std::uint64_t seed_;
  Workers workers_;
  ContainerWriter writer_;
};

}  // namespace pushforward
