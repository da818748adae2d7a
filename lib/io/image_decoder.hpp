// Single picture files and their pixels.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "io/input_file.hpp"

namespace pushforward {

struct ImageFormat {
  int width = 0, height = 0;
  int channels = 0;           // 1 grey, 3 red, green and blue
  bool sixteen_bits = false;  // as the file has them

  [[nodiscard]] std::size_t size() const {
    return static_cast<std::size_t>(width) * static_cast<std::size_t>(height) *
           static_cast<std::size_t>(channels);
  }
};

struct EncodedImage {
  std::string name;
  std::string bytes;  // of the file
  ImageFormat format;
};

template <class T>
using Pixels = std::unique_ptr<T[], void (*)(void*)>;

// Do these first bytes begin a PNG, JPEG or BMP file?
[[nodiscard]] bool is_image(const std::string& head);

// A picture file as it is, of at most 1 GiB and 10^8 pixels. Error(invalid) if it is no picture or
// its header is damaged.
[[nodiscard]] EncodedImage load_image(const std::string& name);

// Pixels [height, width, channels], for 1 channel or 3: grey is repeated, colour becomes its
// luminance, transparency is dropped. Numbers run from 0 to the greatest that T holds, whatever the
// depth of the file. Error(invalid) with the decoder's reason. T is std::uint8_t or std::uint16_t.
template <class T>
[[nodiscard]] Pixels<T> decode_image(const EncodedImage& image, int channels);

// What a child process leaves for its parent, in memory.
class ImageSpool {
 public:
  ImageSpool() : file_(InputFile::empty("pictures")) {}
  void write(const void* bytes, std::size_t count) { file_.append(bytes, count); }
  // The next bytes of those written; Error(io) if there are no more.
  void read(void* bytes, std::size_t count);

 private:
  InputFile file_;
  std::uint64_t next_ = 0;
};

// Calls decode(file, spool) for one file after the other in a child process, because the decoder
// may crash on a damaged one: that is an Error(invalid) naming the file, here.
[[nodiscard]] ImageSpool decode_guarded(
    const std::vector<std::string>& files,
    const std::function<void(const std::string& file, ImageSpool* spool)>& decode);

}  // namespace pushforward
