// Which picture files there are.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace pushforward {

struct ImageFiles {
  std::vector<std::string> files;
  std::vector<std::int64_t> labels;  // of each file; empty without classes
  std::vector<std::string> classes;  // names of the sub-folders
  std::size_t passed_over = 0;       // files in folders that are no pictures
  std::string first_passed_over;
};

// Files and folders inside a folder whose names begin with a dot, and __MACOSX, are never looked
// at.

// The pictures named by `paths` (files and folders). Folders are read in the order of their names
// with all that is below them; where pictures lie in sub-folders, these are classes, numbered in
// the order of their names. Warns of a sub-folder without pictures. Error(invalid) where a folder
// has none, or has some beside those of classes.
[[nodiscard]] ImageFiles find_images(const std::vector<std::string>& paths);

// All pictures of a folder and below it, as find_images orders them; sub-folders are no classes.
[[nodiscard]] ImageFiles find_images_below(const std::string& folder);

}  // namespace pushforward
