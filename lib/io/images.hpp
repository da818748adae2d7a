// Image files as rows of bytes.
#pragma once

#include <string>
#include <vector>

#include "io/image_files.hpp"
#include "io/table.hpp"

namespace pushforward {

struct ImageOptions {
  int width = 0, height = 0;  // to scale to; 0: leave the size as it is
  int channels = 0;           // 1 grey, 3 red, green and blue; 0: as in the first image
};

// PNG, JPEG and BMP files -> /x [N, C, H, W] uint8, and /label [N] int64 if there are classes,
// whose names are kept in its attribute "classes" (io/names.hpp). Transparency is dropped. All
// images must have the same size unless the options give one.
[[nodiscard]] Table read_images(const ImageFiles& images, const ImageOptions& options);

// Applies the options to rows from other files (IDX, NPY, containers): images of bytes [N, C, H, W]
// in /x are scaled. Error(invalid), beginning with `name`, if /x holds no such images, if they look
// like [N, H, W, C], or if their number of channels would have to change.
void apply_image_options(const ImageOptions& options, const std::string& name, Table* table);

}  // namespace pushforward
