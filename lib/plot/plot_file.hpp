// The file of a picture, or the files of its frames.
#pragma once

#include <string>

#include "plot/plot.hpp"

namespace pushforward {

enum class Motion { still, gif, apng };

struct PlotFile {
  std::string name;  // "-" is standard output; "a-%04d.png" a PNG for each frame
  Motion motion = Motion::still;
  double frames_a_second = 0;  // of a picture that moves; 0: usual_frames_a_second
};

// Draws and writes. Errors as those of draw_plot and draw_frames; Error(usage) where the options
// and the file do not go together.
void write_plot(const PlotOptions& options, const PlotFile& file);

}  // namespace pushforward
