// A flow's samples while it is trained: the frames of a film.
#pragma once

#include "base/lanes.hpp"
#include "flow/flow.hpp"

namespace pushforward {

// Draws the same rows with the weights of different steps: row i of every frame is made of the same
// random numbers as row i of flow-sample with the same seed. Memory holds one frame.
class Trajectory {
 public:
  // Frames of `rows` rows of shape `row_shape`, [2] or [1, 8, 8], of a flow made like `flow`. The
  // rows of a conditional flow are given the contexts of the first training rows, one each.
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
