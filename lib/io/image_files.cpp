#include "io/image_files.hpp"

#include <algorithm>
#include <filesystem>
#include <map>

#include "base/error.hpp"
#include "base/messages.hpp"
#include "io/image_decoder.hpp"
#include "io/input_file.hpp"

namespace pushforward {
namespace {

namespace fs = std::filesystem;

bool is_image_file(const fs::path& path) {
  std::error_code error;
  if (!fs::is_regular_file(path, error)) return false;
  return is_image(InputFile(path.string()).bytes(0, image_head_size));
}

// Files that operating systems and notebooks leave behind.
bool is_hidden(const fs::path& path) {
  const std::string name = path.filename().string();
  return name[0] == '.' || name == "__MACOSX";
}

void pass_over(const fs::path& path, ImageFiles* images) {
  if (images->passed_over++ == 0) images->first_passed_over = path.string();
}

// Everything directly in a folder that is not hidden, sorted by name.
std::vector<fs::path> members(const fs::path& folder) {
  std::vector<fs::path> result;
  std::error_code error;
  for (fs::directory_iterator it(folder, error), end; !error && it != end; it.increment(error))
    if (!is_hidden(it->path())) result.push_back(it->path());
  if (error) fail_io(folder.string() + ": cannot be read: " + error.message());
  std::sort(result.begin(), result.end(), [](const fs::path& a, const fs::path& b) {
    return a.filename().string() < b.filename().string();
  });
  return result;
}

void collect(const fs::path& folder, int depth, std::vector<std::string>* files,
             ImageFiles* images) {
  if (depth > 32) fail_invalid(folder.string() + ": folders are nested more than 32 deep");
  for (const fs::path& path : members(folder)) {
    std::error_code error;
    if (fs::is_directory(path, error))
      collect(path, depth + 1, files, images);
    else if (is_image_file(path))
      files->push_back(path.string());
    else
      pass_over(path, images);
  }
}

struct Found {
  std::string file;
  std::string class_name;  // empty: none
};

void collect_classes(const fs::path& folder, std::vector<Found>* found, ImageFiles* images) {
  for (const fs::path& path : members(folder)) {
    std::error_code error;
    if (fs::is_directory(path, error)) {
      std::vector<std::string> files;
      collect(path, 1, &files, images);
      if (files.empty()) warn(path.string() + ": holds no pictures and makes no class");
      for (std::string& file : files) found->push_back({std::move(file), path.filename().string()});
    } else if (is_image_file(path)) {
      found->push_back({path.string(), ""});
    } else {
      pass_over(path, images);
    }
  }
}

[[noreturn]] void fail_without_pictures(const std::string& path, const ImageFiles& images) {
  const std::string& other = images.first_passed_over;
  fail_invalid(path + ": holds no PNG, JPEG or BMP pictures" +
               (other.empty() ? "" : "; " + other + " is not one"));
}

}  // namespace

ImageFiles find_images(const std::vector<std::string>& paths) {
  ImageFiles result;
  std::vector<Found> found;
  for (const std::string& path : paths) {
    std::error_code error;
    const std::size_t before = found.size();
    if (!fs::is_directory(path, error))
      found.push_back({path, ""});
    else
      collect_classes(path, &found, &result);
    if (found.size() == before) fail_without_pictures(path, result);
  }
  std::map<std::string, std::int64_t> classes;
  for (const Found& one : found)
    if (!one.class_name.empty()) classes[one.class_name] = 0;
  std::int64_t next = 0;
  for (auto& [name, number] : classes) {
    number = next++;
    result.classes.push_back(name);
  }
  for (Found& one : found) {
    if (!classes.empty()) {
      if (one.class_name.empty())
        fail_invalid(one.file + ": lies beside folders of classes, put it into one of them");
      result.labels.push_back(classes[one.class_name]);
    }
    result.files.push_back(std::move(one.file));
  }
  return result;
}

ImageFiles find_images_below(const std::string& folder) {
  ImageFiles result;
  collect(folder, 0, &result.files, &result);
  if (result.files.empty()) fail_without_pictures(folder, result);
  return result;
}

}  // namespace pushforward
