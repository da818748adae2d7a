#include "plot/plot_file.hpp"

#include "base/error.hpp"
#include "io/atomic_file.hpp"
#include "io/numbered_files.hpp"
#include "plot/animation.hpp"

namespace pushforward {
namespace {

std::vector<std::byte> picture_of(const PlotOptions& options, Motion motion, const Frames& frames,
                                  double frames_a_second) {
  switch (motion) {
    case Motion::still:
      return draw_plot(options);
    case Motion::gif:
      return gif_of(frames, frames_a_second);
    case Motion::apng:
      return apng_of(frames, frames_a_second);
  }
  fail_usage("a motion that has no format");
}

}  // namespace

void write_plot(const PlotOptions& options, const PlotFile& file) {
  const bool still = file.motion == Motion::still;
  if (file.frames_a_second > 0 && still)
    fail_usage("option " + setting("fps") + " is for a film as GIF or APNG");
  const Frames frames = [&](const ShowFrame& show) { draw_frames(options, show); };
  if (NumberedFiles::is_pattern(file.name)) {
    if (!still || options.format != PictureFormat::png)
      fail_usage(file.name + ": a file for each frame is PNG; name it .png");
    write_png_files(frames, file.name, options.paper.dpi);
    return;
  }
  const double speed = file.frames_a_second > 0 ? file.frames_a_second : usual_frames_a_second;
  const std::vector<std::byte> picture = picture_of(options, file.motion, frames, speed);
  AtomicFile output(file.name);
  output.write(picture.data(), picture.size());
  output.commit();
}

}  // namespace pushforward
