// Picture files as rows of bytes.
#pragma once

#include <string>
#include <vector>

#include "io/image_files.hpp"
#include "io/table.hpp"

namespace pushforward {

struct ImageOptions {
  int width = 0, height = 0;  // to scale to; 0 leaves the size as it is
  int channels = 0;           // 1 grey, 3 red, green and blue; 0: as in the first picture
};

// PNG, JPEG and BMP files -> /x [N, C, H, W] uint8, and /label [N] int64 where they have classes,
// whose names are kept in its attribute "classes" (io/names.hpp). Transparency is dropped. All
// pictures must have one size unless one is asked for.
[[nodiscard]] Table read_images(const ImageFiles& images, const ImageOptions& options);

// The same options for rows that came from other files (IDX, NPY, containers): images of bytes
// [N, C, H, W] in /x are scaled. Error(invalid), beginning with `name`, if /x holds no such images
// (or images that look like [N, H, W, C]), or if they would have to change their number of
// channels.
void apply_image_options(const ImageOptions& options, const std::string& name, Table* table);

}  // namespace pushforward
