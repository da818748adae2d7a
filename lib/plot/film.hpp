// Trajectories: rows or pictures at successive steps.
#pragma once

#include <cstdint>
#include <optional>
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

// Frames first, first + every, ... below `end`, or the last; of these `most`, evenly chosen, or all
// if there are fewer.
struct FrameChoice {
  enum class Spacing {
    even,
    equal
  };  // equal: as far apart as each other, if half of `most` remain
  std::size_t first = 0, every = 1;
  std::optional<std::size_t> end, most;
  Spacing spacing = Spacing::even;
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

// The column of a film's rows of `columns` numbers that is asked for, or `otherwise` where `asked`
// is empty. Errors as those of column_place.
[[nodiscard]] std::size_t film_column(const RowReader& reader, std::size_t columns,
                                      const std::string& asked, std::size_t otherwise,
                                      const char* field);

// The chosen frames of the main dataset. The dataset is [frames, rows, ...] with /step [frames], or
// [rows, frames, ...] with /trajectory/step [frames]. Error(invalid), naming the file, if it is
// neither, if it has no such frames, if they are too many to hold in memory, or if a number is not
// finite or too large for an axis.
[[nodiscard]] Film read_film(const RowReader& reader, const FrameChoice& choice);

// "step 0", "step 100", ...: one per frame.
[[nodiscard]] std::vector<std::string> captions(const Film& film);

}  // namespace pushforward
