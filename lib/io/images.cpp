#include "io/images.hpp"

#include <stb/stb_image.h>
#include <stb/stb_image_resize.h>

#include <algorithm>
#include <memory>

#include "base/error.hpp"
#include "io/guarded.hpp"
#include "io/image_files.hpp"
#include "io/input_file.hpp"
#include "io/memory.hpp"

namespace pushforward {
namespace {

constexpr std::uint64_t max_file = std::uint64_t{1} << 30;
constexpr std::uint64_t max_pixels = 100000000;

struct Format {
  int width = 0, height = 0, channels = 0;
  [[nodiscard]] std::size_t size() const {
    return static_cast<std::size_t>(width) * static_cast<std::size_t>(height) *
           static_cast<std::size_t>(channels);
  }
};

struct Picture {
  std::string bytes;  // of the file
  Format stored;
};

Picture load(const std::string& name) {
  const InputFile file(name);
  if (file.size() > max_file) fail_invalid(name + ": is larger than 1 GiB, no picture is read");
  Picture picture{file.bytes(0, static_cast<std::size_t>(file.size())), {}};
  if (!is_image(picture.bytes))
    fail_invalid(name + ": is not a picture, PNG, JPEG and BMP are read");
  Format& stored = picture.stored;
  if (stbi_info_from_memory(reinterpret_cast<const stbi_uc*>(picture.bytes.data()),
                            static_cast<int>(picture.bytes.size()), &stored.width, &stored.height,
                            &stored.channels) == 0)
    fail_invalid(name + ": is damaged: " + stbi_failure_reason());
  if (stored.width < 1 || stored.height < 1 ||
      static_cast<std::uint64_t>(stored.width) * static_cast<std::uint64_t>(stored.height) >
          max_pixels)
    fail_invalid(name + ": has " + std::to_string(stored.width) + "x" +
                 std::to_string(stored.height) + " pixels, at most 10^8 are read");
  stored.channels = stored.channels < 3 ? 1 : 3;
  return picture;
}

Format wanted_format(const Format& first, const ImageOptions& options) {
  Format wanted = first;
  if (options.width > 0) {
    wanted.width = options.width;
    wanted.height = options.height;
  }
  if (options.channels > 0) wanted.channels = options.channels;
  return wanted;
}

// One row of /x: [C, H, W].
std::vector<std::uint8_t> decode(const Picture& picture, const std::string& name,
                                 const Format& wanted, const ImageOptions& options) {
  if (options.channels == 0 && picture.stored.channels != wanted.channels)
    fail_invalid(name + ": is " +
                 (wanted.channels == 1 ? "in colour, the first picture is grey"
                                       : "grey, the first picture is in colour") +
                 "; give --gray or --rgb");
  const bool scaled =
      picture.stored.width != wanted.width || picture.stored.height != wanted.height;
  if (scaled && options.width == 0)
    fail_invalid(name + ": has " + std::to_string(picture.stored.width) + "x" +
                 std::to_string(picture.stored.height) + " pixels, the first picture has " +
                 std::to_string(wanted.width) + "x" + std::to_string(wanted.height) +
                 "; give --size");
  int width = 0, height = 0, channels = 0;
  const std::unique_ptr<stbi_uc, void (*)(void*)> decoded(
      stbi_load_from_memory(reinterpret_cast<const stbi_uc*>(picture.bytes.data()),
                            static_cast<int>(picture.bytes.size()), &width, &height, &channels,
                            wanted.channels),
      stbi_image_free);
  if (!decoded || width != picture.stored.width || height != picture.stored.height)
    fail_invalid(name + ": is damaged: " + (decoded ? "its sizes differ" : stbi_failure_reason()));
  const std::uint8_t* pixels = decoded.get();
  std::vector<std::uint8_t> resized;
  if (scaled) {
    resized.resize(wanted.size());
    if (stbir_resize_uint8(pixels, width, height, 0, resized.data(), wanted.width, wanted.height, 0,
                           wanted.channels) == 0)
      fail_invalid(name + ": cannot be scaled");
    pixels = resized.data();
  }
  const auto planes = static_cast<std::size_t>(wanted.channels);
  const std::size_t area = wanted.size() / planes;
  std::vector<std::uint8_t> row(wanted.size());
  for (std::size_t c = 0; c < planes; ++c)
    for (std::size_t i = 0; i < area; ++i) row[c * area + i] = pixels[i * planes + c];
  return row;
}

}  // namespace

bool is_image(const std::string& head) {
  const auto begins = [&](const char* magic, std::size_t size) {
    return head.compare(0, size, std::string(magic, size)) == 0;
  };
  // A BMP names the size of its second header at byte 14.
  const bool bmp =
      begins("BM", 2) && head.size() > 14 && (head[14] == 12 || head[14] >= 40 || head[14] < 0);
  return begins("\x89PNG\r\n\x1a\n", 8) || begins("\xff\xd8\xff", 3) || bmp;
}

Table read_images(const std::vector<std::string>& paths, const ImageOptions& options,
                  std::size_t* passed_over) {
  const ImageFiles images = find_images(paths);
  *passed_over = images.passed_over;
  const std::size_t count = images.files.size();
  // The decoder may crash on a damaged file, so it works in a child process, which leaves the rows
  // in a file in memory: its first bytes say how many are done and what format they have.
  struct Progress {
    std::uint64_t done = 0;
    Format format;
  };
  InputFile rows = InputFile::empty("pictures");
  const Progress none;
  rows.append(&none, sizeof none);
  const auto work = [&] {
    Progress progress;
    for (const std::string& name : images.files) {
      const Picture picture = load(name);
      if (progress.done == 0) {
        progress.format = wanted_format(picture.stored, options);
        if (progress.format.size() > machine_memory() / 2 / count)
          fail_invalid(name + ": " + std::to_string(count) +
                       " pictures of this size do not fit in this machine's memory");
      }
      const std::vector<std::uint8_t> row = decode(picture, name, progress.format, options);
      rows.append(row.data(), row.size());
      ++progress.done;
      rows.overwrite(0, &progress, sizeof progress);
    }
    return std::string();
  };
  Progress progress;
  try {
    static_cast<void>(run_guarded(work, "", static_cast<unsigned>(60 + 2 * count)));
    rows.read_at(0, &progress, sizeof progress);
  } catch (const Error& error) {
    rows.read_at(0, &progress, sizeof progress);
    if (*error.what() != '\0' || progress.done >= count) throw;
    fail_invalid(images.files[progress.done] + ": is damaged: it cannot be decoded");
  }
  const Format& format = progress.format;
  NamedArray x{"/x",
               Array::make(ElementType::uint8, {count, static_cast<std::size_t>(format.channels),
                                                static_cast<std::size_t>(format.height),
                                                static_cast<std::size_t>(format.width)}),
               {}};
  if (rows.read_at(sizeof progress, x.array.bytes.data(), x.array.bytes.size()) !=
      x.array.bytes.size())
    fail_io("the decoded pictures cannot be read back");
  Table table;
  table.datasets.push_back(std::move(x));
  if (!images.labels.empty()) {
    std::string names;
    for (const std::string& name : images.classes) names += (names.empty() ? "" : ",") + name;
    table.datasets.push_back({"/label", Array::of(images.labels, {count}), {{"classes", names}}});
  }
  return table;
}

void apply_image_options(const ImageOptions& options, const std::string& name, Table* table) {
  if (options.width == 0 && options.channels == 0) return;
  for (NamedArray& one : table->datasets) {
    if (one.path != "/x") continue;
    const Shape& shape = one.array.shape;
    if (one.array.type != ElementType::uint8 || shape.size() != 4 || one.array.size() == 0)
      fail_invalid(name + ": has no images of bytes [N, C, H, W] for --size, --gray or --rgb");
    if (options.channels != 0 && static_cast<std::size_t>(options.channels) != shape[1])
      fail_invalid(name + ": has images of " + std::to_string(shape[1]) +
                   " channels, and only pictures from files change theirs");
    if (options.width == 0) return;
    const Shape wanted = {shape[0], shape[1], static_cast<std::size_t>(options.height),
                          static_cast<std::size_t>(options.width)};
    Array scaled = Array::make(ElementType::uint8, wanted);
    const std::size_t from = shape[2] * shape[3], to = wanted[2] * wanted[3];
    for (std::size_t plane = 0; plane < shape[0] * shape[1]; ++plane)
      if (stbir_resize_uint8(one.array.data<std::uint8_t>() + plane * from,
                             static_cast<int>(shape[3]), static_cast<int>(shape[2]), 0,
                             scaled.data<std::uint8_t>() + plane * to, options.width,
                             options.height, 0, 1) == 0)
        fail_invalid(name + ": cannot be scaled");
    one.array = std::move(scaled);
    return;
  }
  fail_invalid(name + ": has no /x with images for --size, --gray or --rgb");
}

}  // namespace pushforward
