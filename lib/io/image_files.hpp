// Finds image files.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace pushforward {

struct ImageFiles {
  std::vector<std::string> files;
  std::vector<std::int64_t> labels;  // of each file; empty without classes
  std::vector<std::string> classes;  // names of the sub-folders
  std::size_t passed_over = 0;       // number of files in folders that are no images
  std::string first_passed_over;
};

// Both functions ignore files and folders inside a folder whose names begin with a dot, and
// __MACOSX.

// The images named by `paths` (files and folders). Folders are searched recursively, in the order
// of names. If images lie in sub-folders, these are the classes, numbered in the order of their
// names. Warns of a sub-folder without images. Error(invalid) if a folder has no images, or has
// some beside the folders of classes.
[[nodiscard]] ImageFiles find_images(const std::vector<std::string>& paths);

// All images in a folder and below it, ordered as by find_images(); sub-folders are not classes.
[[nodiscard]] ImageFiles find_images_below(const std::string& folder);

}  // namespace pushforward
