// Image files and their pixels.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "io/guarded.hpp"

namespace pushforward {

struct ImageFormat {
  int width = 0, height = 0;
  int channels = 0;           // 1 grey, 3 red, green and blue
  bool sixteen_bits = false;  // in the file

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

// The number of first bytes that is_image() needs.
inline constexpr std::size_t image_head_size = 18;

// Whether these first bytes begin a PNG, JPEG or BMP file.
[[nodiscard]] bool is_image(const std::string& head);

// Loads an image file of at most 1 GiB and 10^8 pixels. Error(invalid) if it is no image, or is
// damaged; the pixels of a JPEG are checked when they are decoded (io/jpeg.hpp).
[[nodiscard]] EncodedImage load_image(const std::string& name);

// Pixels [height, width, channels], for 1 or 3 channels. Grey is repeated, colour becomes luminance
// (Pillow's for a JPEG, stb_image's otherwise, which is sometimes one level lower), transparency is
// dropped. Values run from 0 to the maximum of T, whatever the depth of the file. Error(invalid) if
// the pixels are damaged or cannot be decoded. T is std::uint8_t or std::uint16_t.
template <class T>
[[nodiscard]] Pixels<T> decode_image(const EncodedImage& image, int channels);

// Decodes files in a child process, because a decoder may crash on a damaged one.
class ImageHelper {
 public:
  // `decode` turns a file into bytes; it runs in the child. `files` must outlive the helper.
  ImageHelper(const std::vector<std::string>* files,
              const std::function<std::string(const std::string& file)>& decode);

  // The bytes of files[number], or the Error that `decode` throws. A crash is Error(invalid) that
  // names the file; nothing can be decoded afterwards.
  [[nodiscard]] std::string decode(std::size_t number);
  [[nodiscard]] bool has_ended() const { return helper_.has_ended(); }

 private:
  const std::vector<std::string>* files_;
  GuardedHelper helper_;
};

}  // namespace pushforward
