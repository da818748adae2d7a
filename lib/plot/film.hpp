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

// Which extent of the main dataset counts the frames: 0 where /step does, 1 where /trajectory/step
// does. Error(invalid) naming the file if neither does, and `kind`, which draws such files.
[[nodiscard]] std::size_t axis_of_frames(const RowReader& reader, const std::string& kind);
[[nodiscard]] std::vector<std::int64_t> steps_of_frames(const RowReader& reader, std::size_t axis);

// `most` >= 2 of the `count` numbers from 0, or all if there are fewer: ascending, the first and
// the last among them, as nearly equally far apart as can be.
[[nodiscard]] std::vector<std::size_t> evenly_chosen(std::size_t count, std::size_t most);

// The number of a row that is asked for, or `otherwise` where asked < 0. Error(invalid) beginning
// with `name` if there are only `columns` of them.
[[nodiscard]] std::size_t film_column(const std::string& name, std::size_t columns, int asked,
                                      std::size_t otherwise, const char* option);

// At most `most` >= 2 frames of the main dataset, evenly chosen, the first and the last among them.
// The dataset is [frames, rows, ...] with /step [frames], or [rows, frames, ...] with
// /trajectory/step [frames]. Error(invalid) naming the file if it is neither, or if a number is not
// finite or beyond what an axis can show.
[[nodiscard]] Film read_film(const RowReader& reader, std::size_t most);

// "step 0", "step 100", ...: of the frames.
[[nodiscard]] std::vector<std::string> captions(const Film& film);

}  // namespace pushforward
