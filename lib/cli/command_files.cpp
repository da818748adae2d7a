#include "cli/command_files.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <map>
#include <utility>

#include "base/error.hpp"
#include "base/text.hpp"
#include "io/atomic_file.hpp"
#include "io/container.hpp"
#include "io/descriptor_name.hpp"

namespace pushforward {
namespace {

namespace fs = std::filesystem;

bool is_output(const NamedFile& file) {
  return file.use == FileUse::result || file.use == FileUse::side;
}

// A named file and its status.
struct KnownFile {
  NamedFile named;
  std::string name;  // without the dataset of FILE:/path, which only inputs have
  struct stat status {};
  bool exists = false;

  [[nodiscard]] bool is_device() const { return exists && S_ISCHR(status.st_mode); }
  [[nodiscard]] bool is_pipe() const {
    return exists && (S_ISFIFO(status.st_mode) || S_ISSOCK(status.st_mode));
  }
  [[nodiscard]] bool is_regular() const { return exists && S_ISREG(status.st_mode); }
  [[nodiscard]] bool is_output() const { return pushforward::is_output(named); }
};

// Names standard input and output "-", in the option's value as well.
KnownFile known_file(const NamedFile& named) {
  KnownFile file{named, *named.location};
  if (!file.is_output()) file.name = Location::parse(*named.location).file;
  const int standard = file.is_output() ? STDOUT_FILENO : STDIN_FILENO;
  if (file.name != "-" && named_descriptor(file.name) == standard) {
    *named.location = "-" + named.location->substr(file.name.size());
    file.name = "-";
  }
  const int outcome =
      file.name == "-" ? fstat(standard, &file.status) : stat(file.name.c_str(), &file.status);
  file.exists = outcome == 0;
  return file;
}

bool same_file(const KnownFile& a, const KnownFile& b) {
  if (a.exists && b.exists)
    return a.status.st_dev == b.status.st_dev && a.status.st_ino == b.status.st_ino;
  if (a.exists || b.exists) return false;
  const auto whole = [](const KnownFile& file) {
    std::error_code error;
    const fs::path path = fs::weakly_canonical(fs::absolute(file.name, error), error);
    return error ? file.name : path.lexically_normal().string();
  };
  return whole(a) == whole(b);
}

bool is_terminal(const KnownFile& file) {
  if (!file.is_device()) return false;
  if (file.name == "-") return isatty(file.is_output() ? STDOUT_FILENO : STDIN_FILENO) == 1;
  const int way = file.is_output() ? O_WRONLY : O_RDONLY;
  const int descriptor = open(file.name.c_str(), way | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
  if (descriptor < 0) return false;
  const bool terminal = isatty(descriptor) == 1;
  close(descriptor);
  return terminal;
}

struct FormatName {
  const char* name;
  const char* suffix;  // the usual one
  bool is_text = false;
};

FormatName format_name(FileFormat format) {
  switch (format) {
    case FileFormat::hdf5:
      return {"HDF5", "h5"};
    case FileFormat::npz:
      return {"NPZ", "npz"};
    case FileFormat::npy:
      return {"NPY", "npy"};
    case FileFormat::png:
      return {"PNG", "png"};
    case FileFormat::apng:
      return {"APNG", "apng"};
    case FileFormat::gif:
      return {"GIF", "gif"};
    case FileFormat::svg:
      return {"SVG", "svg"};
    case FileFormat::pdf:
      return {"PDF", "pdf"};
    case FileFormat::csv:
      return {"CSV", "csv", true};
    case FileFormat::table:
      return {"tab-separated text", "tsv", true};
  }
  fail_usage("a format without a name");
}

// The format that a suffix stands for, and the formats that may be written under it.
struct Suffix {
  const char* name;
  FileFormats formats;
};

const std::map<std::string, Suffix>& suffixes() {
  using F = FileFormat;
  static const std::map<std::string, Suffix> known = {{"h5", {"HDF5", {F::hdf5}}},
                                                      {"hdf5", {"HDF5", {F::hdf5}}},
                                                      {"hdf", {"HDF5", {F::hdf5}}},
                                                      {"npz", {"NPZ", {F::npz}}},
                                                      {"npy", {"NPY", {F::npy}}},
                                                      {"png", {"PNG", {F::png}}},
                                                      {"svg", {"SVG", {F::svg}}},
                                                      {"pdf", {"PDF", {F::pdf}}},
                                                      {"csv", {"CSV", {F::csv, F::table}}},
                                                      {"tsv", {"TSV", {F::table}}},
                                                      {"txt", {"text", {F::csv, F::table}}},
                                                      {"jpg", {"JPEG", {}}},
                                                      {"jpeg", {"JPEG", {}}},
                                                      {"bmp", {"BMP", {}}},
                                                      {"gif", {"GIF", {F::gif}}},
                                                      {"apng", {"APNG", {F::apng}}},
                                                      {"json", {"JSON", {}}},
                                                      {"safetensors", {"safetensors", {}}},
                                                      {"gz", {"gzip", {}}},
                                                      {"zip", {"ZIP", {}}},
                                                      {"pt", {"PyTorch", {}}}};
  return known;
}

void check_suffix(const KnownFile& file, const FileFormats& formats) {
  if (file.name == "-" || (file.exists && !file.is_regular())) return;
  const auto found = suffixes().find(suffix_of(file.name));
  const bool is_picture = formats[0] == FileFormat::png;
  if (found == suffixes().end() && is_picture && !suffix_of(file.name).empty())
    fail_usage("option " + file.named.name + ": " + file.name +
               ": the suffix names no format of pictures; name it " +
               fs::path(file.name).replace_extension("png").string());
  if (found == suffixes().end()) return;
  const FileFormats& fitting = found->second.formats;
  if (std::find_first_of(formats.begin(), formats.end(), fitting.begin(), fitting.end()) !=
      formats.end())
    return;
  std::vector<std::string> written;
  for (const FileFormat format : formats) written.emplace_back(format_name(format).name);
  const bool exports = formats[0] == FileFormat::hdf5 && !fitting.empty();
  fail_usage("option " + file.named.name + ": " + file.name + ": " +
             listed(written, " or ", " formats", 5) + " is written, and ." + found->first +
             " is for " + found->second.name + "; name it " +
             fs::path(file.name).replace_extension(format_name(formats[0]).suffix).string() +
             (exports ? " (tensor-export makes other formats of HDF5)" : ""));
}

void check_terminal(const KnownFile& file, const FileFormats& formats) {
  if (file.named.use == FileUse::typed || !is_terminal(file)) return;
  if (!file.is_output())
    fail_usage((file.name == "-" ? "standard input" : file.name) +
               " is a terminal: name an input file, or send one through a pipe");
  for (const FileFormat format : formats)
    if (!format_name(format).is_text)
      fail_usage((file.name == "-" ? "standard output" : file.name) + " is a terminal and " +
                 format_name(format).name + " is not for reading: give " +
                 (file.named.name == "--output" ? "-o" : file.named.name) +
                 " FILE, or send it to a file or a pipe");
}

// Standard input and other pipes can be read only once.
void check_read_once(const std::vector<KnownFile>& files) {
  std::map<std::pair<dev_t, ino_t>, const KnownFile*> pipes;
  const KnownFile* standard = nullptr;
  for (const KnownFile& file : files) {
    if (file.is_output()) continue;
    const KnownFile* other = file.name == "-" ? standard : nullptr;
    if (file.name == "-") standard = &file;
    if (file.is_pipe()) {
      const auto [at, is_new] =
          pipes.emplace(std::pair(file.status.st_dev, file.status.st_ino), &file);
      if (!is_new) other = at->second;
    }
    if (other != nullptr)
      fail_usage(
          "only one of " + other->named.name + " and " + file.named.name + " can come from " +
          (file.name == "-" || other->name == "-" ? "standard input" : "the pipe " + file.name));
  }
}

// Whether an output may replace the first operand: an HDF5 result may.
bool carries_on(const KnownFile& output, const std::vector<KnownFile>& files) {
  return output.named.use == FileUse::result && output.named.formats()[0] == FileFormat::hdf5 &&
         std::any_of(files.begin(), files.end(), [&](const KnownFile& file) {
           return file.named.first_operand && same_file(output, file);
         });
}

void check_replaced(const KnownFile& output, const KnownFile& other,
                    const std::vector<KnownFile>& files) {
  if (output.is_device() || !same_file(output, other)) return;
  const std::string shown = output.name == "-" ? other.name : output.name;
  const NamedFile &a = output.named, &b = other.named;
  if (other.is_output())
    fail_usage("options " + a.name + " and " + b.name +
               (shown == "-" ? " both go to standard output" : " name the same file, " + shown));
  if (output.is_pipe() || (!a.continues.empty() && a.continues == b.name)) return;
  if (carries_on(output, files)) return;
  fail_usage("option " + a.name + " names the file that is read as " + b.name +
             (shown == "-" ? "" : ", " + shown) + "; give it a file of its own");
}

// Checked now and not after hours of work, when another output may have appeared already.
void check_writable(const KnownFile& file) {
  if (file.name != "-" && !file.is_device() && !file.is_pipe()) const AtomicFile probe(file.name);
}

}  // namespace

std::string suffix_of(const std::string& location) {
  std::string suffix = fs::path(location).extension().string();
  std::transform(suffix.begin(), suffix.end(), suffix.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return suffix.empty() ? suffix : suffix.substr(1);
}

void check_files(const std::vector<NamedFile>& all) {
  std::vector<KnownFile> files;
  for (const NamedFile& file : all)
    if (!file.location->empty()) files.push_back(known_file(file));
  check_read_once(files);
  for (std::size_t i = 0; i < files.size(); ++i) {
    if (!files[i].is_output()) continue;
    for (std::size_t j = 0; j < files.size(); ++j)
      if (j > i || (j < i && !files[j].is_output())) check_replaced(files[i], files[j], files);
  }
  for (const KnownFile& file : files) {
    const FileFormats formats = file.is_output() ? file.named.formats() : FileFormats{};
    check_terminal(file, formats);
    if (file.is_output()) check_suffix(file, formats);
  }
  for (const KnownFile& file : files)
    if (file.is_output()) check_writable(file);
}

}  // namespace pushforward
