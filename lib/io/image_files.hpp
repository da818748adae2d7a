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
};

// The pictures named by `paths` (files and folders), as read_images wants them.
[[nodiscard]] ImageFiles find_images(const std::vector<std::string>& paths);

// All pictures of a folder and below it, as find_images orders them; sub-folders are no classes.
[[nodiscard]] ImageFiles find_images_below(const std::string& folder);

}  // namespace pushforward
