#include "plot/film.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "plot/column_names.hpp"
#include "plot/plane_rows.hpp"

namespace pushforward {
namespace {

constexpr const char* step_datasets[] = {"/step", "/trajectory/step"};
constexpr std::size_t block_numbers = std::size_t{1} << 20;
constexpr std::size_t max_numbers = std::size_t{1} << 27;  // of a film in memory

// The places of chosen frames.
std::vector<std::size_t> chosen_frames(const FrameChoice& choice, std::size_t frames,
                                       const std::string& name) {
  const std::size_t end = choice.end.value_or(frames);
  if (end > frames || choice.first >= end)
    fail_invalid(name + ": has " + std::to_string(frames) + " frames, counted from 0; " +
                 setting("frames") + " asks for others");
  std::vector<std::size_t> all;
  for (std::size_t frame = choice.first; frame < end; frame += choice.every) all.push_back(frame);
  const std::size_t count = all.size(), most = choice.most.value_or(count);
  const bool equal = choice.spacing == FrameChoice::Spacing::equal;
  std::size_t kept = most;
  for (std::size_t fewer = most; equal && count > most && 2 * fewer > most; --fewer)
    if ((count - 1) % (fewer - 1) == 0) {
      kept = fewer;
      break;
    }
  std::vector<std::size_t> chosen = evenly_chosen(count, kept);
  for (std::size_t& place : chosen) place = all[place];
  return chosen;
}

}  // namespace

std::size_t axis_of_frames(const RowReader& reader, const std::string& kind) {
  const ContainerReader& container = reader.container();
  const Shape& shape = reader.info().shape;
  for (std::size_t axis = 0; axis < 2; ++axis)
    if (shape.size() >= 3 && container.has(step_datasets[axis]) &&
        container.info(step_datasets[axis]).shape == Shape{shape[axis]})
      return axis;
  fail_invalid(container.name() + ": " + reader.info().path + " has shape " + to_string(shape) +
               ", and no dataset /step or /trajectory/step counts its frames; " + setting("kind") +
               " " + kind + " draws what " + setting("trajectory") + " writes");
}

std::vector<std::int64_t> steps_of_frames(const RowReader& reader, std::size_t axis) {
  return reader.container().read(step_datasets[axis]).to<std::int64_t>();
}

std::vector<std::size_t> evenly_chosen(std::size_t count, std::size_t most) {
  const std::size_t chosen = std::min(count, most);
  std::vector<std::size_t> places(chosen);
  for (std::size_t i = 1; i < chosen; ++i)
    places[i] = (2 * i * (count - 1) + chosen - 1) / (2 * (chosen - 1));  // rounded
  return places;
}

std::size_t film_column(const RowReader& reader, std::size_t columns, const std::string& asked,
                        std::size_t otherwise, const char* field) {
  return column_place(asked.empty() ? std::to_string(otherwise) : asked,
                      column_names(reader, columns), columns, reader.container().name(), field);
}

bool is_film(const ContainerReader& reader) {
  const std::string path = reader.main_dataset();
  return reader.has(path) && reader.info(path).shape.size() >= 3 &&
         (reader.has(step_datasets[0]) || reader.has(step_datasets[1]));
}

Film read_film(const RowReader& reader, const FrameChoice& choice) {
  const std::size_t axis = axis_of_frames(reader, "film");
  const Shape& shape = reader.info().shape;
  const std::vector<std::size_t> chosen =
      chosen_frames(choice, shape[axis], reader.container().name());
  if (product(shape) / shape[axis] > max_numbers / chosen.size())
    fail_invalid(reader.container().name() + ": " + std::to_string(chosen.size()) +
                 " frames are too many to hold in memory; choose fewer with " + setting("frames"));
  Film film{reader.container().name(), reader.info().type, shape, {}, {}};
  film.frame_shape.erase(film.frame_shape.begin() + static_cast<std::ptrdiff_t>(axis));
  const std::vector<std::int64_t> steps = steps_of_frames(reader, axis);
  for (const std::size_t frame : chosen) film.steps.push_back(steps[frame]);
  if (axis == 0) {
    for (const std::size_t frame : chosen) film.frames.push_back(reader.read<double>(frame, 1));
  } else {
    film.frames.resize(chosen.size());
    const std::size_t numbers = reader.columns() / shape[1];  // of a row in one frame
    const std::size_t block = std::max<std::size_t>(1, block_numbers / reader.columns());
    for (std::size_t first = 0; first < reader.rows(); first += block) {
      const std::size_t count = std::min(block, reader.rows() - first);
      const std::vector<double> rows = reader.read<double>(first, count);
      for (std::size_t r = 0; r < count; ++r)
        for (std::size_t i = 0; i < chosen.size(); ++i) {
          const double* start = rows.data() + r * reader.columns() + chosen[i] * numbers;
          film.frames[i].insert(film.frames[i].end(), start, start + numbers);
        }
    }
  }
  for (const std::vector<double>& frame : film.frames) require_shown(reader, frame);
  return film;
}

std::vector<std::string> captions(const Film& film) {
  std::vector<std::string> names;
  for (const std::int64_t step : film.steps) names.push_back("step " + std::to_string(step));
  return names;
}

}  // namespace pushforward
