// Films of pictures.
#pragma once

#include "plot/film.hpp"
#include "plot/plot.hpp"

namespace pushforward {

// One line of pictures per frame: the first rows of the film, as many as there is room for.
// Error(invalid) unless the frames are [N, H, W] or [N, C, H, W] with 1 or 3 channels.
[[nodiscard]] std::vector<std::byte> draw_picture_film(const PlotOptions& options,
                                                       const Film& film);

// Each frame as tiles: its first rows, at most 64, in about as many lines as columns. The same
// errors.
void animate_picture_film(const PlotOptions& options, const Film& film, const ShowFrame& show);

}  // namespace pushforward
