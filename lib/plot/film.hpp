// Trajectories: rows or pictures at successive steps.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "io/rows.hpp"

namespace pushforward {

struct Film {
  std::string name;  // of the file
  ElementType type = ElementType::float32;
  Shape frame_shape;                        // [rows, columns], [rows, H, W] or [rows, C, H, W]
  std::vector<std::int64_t> steps;          // of the frames
  std::vector<std::vector<double>> frames;  // product(frame_shape) numbers each, row-major
};

// Is the main dataset one of frames, and does the file say of which steps they are?
[[nodiscard]] bool is_film(const ContainerReader& reader);

// At most `most` >= 2 frames of the main dataset, evenly chosen, the first and the last among them.
// The dataset is [frames, rows, ...] with /step [frames], or [rows, frames, ...] with
// /trajectory/step [frames]. Error(invalid) naming the file if it is neither, or if a number is not
// finite or beyond 1e100.
[[nodiscard]] Film read_film(const RowReader& reader, std::size_t most);

// "step 0", "step 100", ...: of the frames.
[[nodiscard]] std::vector<std::string> captions(const Film& film);

}  // namespace pushforward
