#include <sys/stat.h>

#include "base/error.hpp"
#include "io/container.hpp"

namespace pushforward {

// If a file has the whole text as its name, that file is meant, not FILE:/path.
Location Location::parse(const std::string& text) {
  Location location{text, "/x", false};
  const std::size_t colon = text.rfind(":/");
  struct stat status {};
  if (colon == std::string::npos || colon == 0 || stat(text.c_str(), &status) == 0) return location;
  location.file = text.substr(0, colon);
  location.dataset = text.substr(colon + 1);
  location.dataset_named = true;
  while (location.dataset.size() > 1 && location.dataset.back() == '/') location.dataset.pop_back();
  if (location.dataset == "/")
    fail_usage(text + ": no dataset is named after the colon, write FILE:/path");
  return location;
}

std::string Location::name() const { return file == "-" ? "standard input" : file; }

}  // namespace pushforward
