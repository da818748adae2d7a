#include "cli/preview.hpp"

#include <algorithm>
#include <cmath>

#include "base/error.hpp"
#include "base/stop.hpp"
#include "cli/program.hpp"
#include "io/atomic_file.hpp"
#include "io/picture_grid.hpp"
#include "io/picture_layout.hpp"
#include "io/picture_range.hpp"
#include "sample/picture_rows.hpp"

namespace pushforward {
namespace {

constexpr std::size_t pictures = 64;
constexpr std::uint64_t noise_seed = 0;

// Draws `count` samples of one label (-1: none), in data units, with the noise of rows first,
// first + 1, ...
std::vector<double> draw(const SampledModel& model, int label, std::size_t first, std::size_t count,
                         int threads) {
  MethodOptions options;
  if (model.score() != nullptr) options.method = "heun";
  options.label = label;
  options.count = static_cast<std::int64_t>(count);
  Workers workers(threads);
  const std::vector<float> rows = picture_rows(model, options, noise_seed, first, &workers);
  return std::vector<double>(rows.begin(), rows.end());
}

// The values of black and white, from the training rows.
std::pair<double, double> range_of(const TrainingRows& rows, std::size_t dimension) {
  std::vector<double> values;
  for (std::size_t r = 0; r < std::min<std::size_t>(rows.count(), 1000); ++r)
    for (std::size_t j = 0; j < dimension; ++j)
      values.push_back(static_cast<double>(rows.values[r * rows.columns + j]) +
                       (rows.origin.empty() ? 0 : rows.origin[j]));
  return picture_range(ElementType::float32, values);
}

}  // namespace

void add_preview(CommandLine& line, PreviewCommand* command) {
  line.side_file("preview", &command->file, "draw pictures while training, as a PNG grid",
                 {FileFormat::png});
  line.text("preview-every", &command->every, "N|Nm", "steps, or minutes, between previews");
}

void finish_preview(const CommandLine& line, const PreviewCommand& command) {
  if (line.given("preview-every") && command.file.empty())
    fail_usage("--preview-every needs --preview FILE");
  if (command.file == "-") fail_usage("option --preview: name a file");
  static_cast<void>(parse_pace("preview-every", command.every));
}

WeightViewer preview_viewer(const PreviewCommand& command, ModelOfWeights model,
                            const TrainingData& data, int threads) {
  const ImageShape shape = drawn_image_shape(data.row_shape, "--preview");
  const auto range = range_of(data.rows, static_cast<std::size_t>(shape.numbers()));
  const Pace every = parse_pace("preview-every", command.every);
  WeightViewer viewer;
  viewer.every = every.steps;
  viewer.every_seconds = every.seconds;
  viewer.max_share = 0.05;
  const auto draw_grid = [model = std::move(model), file = command.file, shape, range, threads,
                          classes = static_cast<std::size_t>(data.classes)](
                             const std::vector<double>& parameters) {
    SampledModel sampled = model(parameters);
    sampled.name = "--preview";
    const std::size_t labels = std::clamp<std::size_t>(classes, 1, pictures);
    std::vector<double> values;
    for (std::size_t label = 0; label < labels; ++label) {
      const std::size_t first = label * pictures / labels;
      const std::size_t end = (label + 1) * pictures / labels;
      const std::vector<double> drawn =
          draw(sampled, classes > 0 ? static_cast<int>(label) : -1, first, end - first, threads);
      values.insert(values.end(), drawn.begin(), drawn.end());
    }
    const std::vector<std::byte> png = picture_grid(values, pictures, shape, {}, range);
    AtomicFile out(file);
    out.write(png.data(), png.size());
    out.commit();
  };
  viewer.show = [draw_grid, first = true](std::int64_t step,
                                          const std::vector<double>& parameters) mutable {
    try {
      draw_grid(parameters);
    } catch (const Stopped&) {
      // Training notices the signal and saves its state.
    } catch (const Error& error) {
      if (first) throw;
      warn("--preview at step " + std::to_string(step) + ": " + error.what());
    }
    first = false;
  };
  return viewer;
}

}  // namespace pushforward
