// A flow's samples while it is trained: the frames of a film.
#pragma once

#include "base/lanes.hpp"
#include "flow/flow.hpp"

namespace pushforward {

// Decodes one set of noise with the weights of different steps. Row i of every frame comes from row
// i of the base noise of the seed, which is the noise that flow-sample draws with that seed. Frames
// are written as they come, so memory holds one of them.
class Trajectory {
 public:
  // Frames of `rows` rows of shape `row_shape`, [2] or [1, 8, 8]. The flow must outlive this.
  Trajectory(const Flow* flow, std::size_t rows, const Shape& row_shape, std::uint64_t seed,
             int threads, ContainerWriter writer);

  // Adds a frame to /x [frames, rows, ...] float32 and its step to /step [frames].
  void add(std::int64_t step, const std::vector<double>& parameters);
  // Finishes the file.
  void commit() { writer_.commit(); }

 private:
  const Flow* flow_;
  Shape frame_shape_;  // [1, rows, ...]
  std::vector<float> noise_;
  Workers workers_;
  ContainerWriter writer_;
};

}  // namespace pushforward
