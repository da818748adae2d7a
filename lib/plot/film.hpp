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
  std::vector<std::int64_t> steps;          // one per frame
  std::vector<std::vector<double>> frames;  // product(frame_shape) numbers each, row-major
};

// Whether the main dataset consists of frames and the file has their steps.
[[nodiscard]] bool is_film(const ContainerReader& reader);

// The axis of the main dataset that counts the frames: 0 if they are as many as /step, 1 if they
// are as many as /trajectory/step. Error(invalid), naming the file and `kind`, if neither holds.
[[nodiscard]] std::size_t axis_of_frames(const RowReader& reader, const std::string& kind);
[[nodiscard]] std::vector<std::int64_t> steps_of_frames(const RowReader& reader, std::size_t axis);

// `most` >= 2 of the numbers [0, count), or all if there are fewer: ascending, with the first and
// the last, and as equally spaced as possible.
[[nodiscard]] std::vector<std::size_t> evenly_chosen(std::size_t count, std::size_t most);

// The column that is asked for, or `otherwise` if asked < 0. Error(invalid), beginning with `name`,
// if there are not more than that many `columns`.
[[nodiscard]] std::size_t film_column(const std::string& name, std::size_t columns, int asked,
                                      std::size_t otherwise, const char* option);

// At most `most` >= 2 frames of the main dataset, evenly chosen, the first and the last among them.
// The dataset is [frames, rows, ...] with /step [frames], or [rows, frames, ...] with
// /trajectory/step [frames]. Error(invalid), naming the file, if it is neither, or if a number is
// not finite or too large for an axis.
[[nodiscard]] Film read_film(const RowReader& reader, std::size_t most);

// "step 0", "step 100", ...: one per frame.
[[nodiscard]] std::vector<std::string> captions(const Film& film);

}  // namespace pushforward
