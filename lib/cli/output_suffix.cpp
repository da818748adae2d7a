#include "cli/output_suffix.hpp"

#include <algorithm>
#include <cctype>
#include <filesystem>

#include "base/error.hpp"

namespace pushforward {
namespace {

bool is_among(const std::string& suffix, const std::vector<std::string>& list) {
  return std::find(list.begin(), list.end(), suffix) != list.end();
}

}  // namespace

std::string output_suffix(const std::string& output) {
  std::string suffix = std::filesystem::path(output).extension().string();
  if (!suffix.empty()) suffix.erase(0, 1);
  for (char& c : suffix) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return suffix;
}

void require_suffix(const std::string& output, const std::vector<std::string>& allowed,
                    const std::string& advice) {
  const std::string suffix = output_suffix(output);
  if (!suffix.empty() && !is_among(suffix, allowed))
    fail_usage(output + ": the suffix names another format; " + advice);
}

void refuse_foreign_suffix(const std::string& output) {
  static const std::vector<std::string> foreign = {
      "csv", "tsv", "txt", "json", "npy", "npz", "png",         "jpg", "jpeg",
      "bmp", "gif", "svg", "pdf",  "gz",  "zip", "safetensors", "pt"};
  if (is_among(output_suffix(output), foreign))
    fail_usage(output +
               ": the suffix names another format than HDF5, which is written; give a name that "
               "ends in .h5, and tensor-export writes text, NPY and PNG");
}

}  // namespace pushforward
