#include "io/descriptor_name.hpp"

#include <charconv>
#include <filesystem>
#include <system_error>

namespace pushforward {

namespace fs = std::filesystem;

int named_descriptor(const std::string& location) {
  std::error_code error;
  const fs::path descriptors = fs::canonical("/proc/self/fd", error);
  if (error) return -1;
  fs::path path = location;
  for (int links = 0; links < 40 && fs::is_symlink(path, error); ++links) {
    const fs::path folder = fs::canonical(fs::absolute(path).parent_path(), error);
    if (error) return -1;
    const std::string name = path.filename().string();
    if (folder == descriptors) {
      int descriptor = -1;
      const auto read = std::from_chars(name.data(), name.data() + name.size(), descriptor);
      return read.ptr == name.data() + name.size() ? descriptor : -1;
    }
    path = folder / fs::read_symlink(path, error);
  }
  return -1;
}

}  // namespace pushforward
