// Picture files as rows of bytes.
#pragma once

#include <string>
#include <vector>

#include "io/table.hpp"

namespace pushforward {

struct ImageOptions {
  int width = 0, height = 0;  // to scale to; 0 leaves the size as it is
  int channels = 0;           // 1 grey, 3 red, green and blue; 0: as in the first picture
};

// PNG, JPEG and BMP files and folders of them -> /x [N, C, H, W] uint8. Folders are read in the
// order of their names with all that is below them; where pictures lie in sub-folders, these are
// classes: /label [N] int64 counts them in the order of their names, which are kept in its
// attribute "classes". Transparency is dropped. Other files in a folder are passed over
// (`passed_over` counts them). All pictures must have one size unless one is asked for.
[[nodiscard]] Table read_images(const std::vector<std::string>& paths, const ImageOptions& options,
                                std::size_t* passed_over);

// The same options for rows that came from other files (IDX, NPY, containers): images of bytes
// [N, C, H, W] in /x are scaled. Error(invalid), beginning with `name`, if /x holds no such images,
// or if they would have to change their number of channels.
void apply_image_options(const ImageOptions& options, const std::string& name, Table* table);

}  // namespace pushforward
