// Single picture files and their pixels.
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

// How many first bytes is_image needs.
inline constexpr std::size_t image_head_size = 18;

// Do these first bytes begin a PNG, JPEG or BMP file?
[[nodiscard]] bool is_image(const std::string& head);

// A picture file as it is, of at most 1 GiB and 10^8 pixels. Error(invalid) if it is no picture or
// damaged; the pixels of a JPEG are looked at when they are decoded (io/jpeg.hpp).
[[nodiscard]] EncodedImage load_image(const std::string& name);

// Pixels [height, width, channels], for 1 channel or 3: grey is repeated, colour becomes its
// luminance (that of Pillow for a JPEG, that of stb_image otherwise: a level less at times),
// transparency is dropped. Numbers run from 0 to the greatest that T holds, whatever the depth of
// the file. Error(invalid) if they are damaged or cannot be decoded. T is std::uint8_t or
// std::uint16_t.
template <class T>
[[nodiscard]] Pixels<T> decode_image(const EncodedImage& image, int channels);

// A child process that decodes files, because a decoder may crash on a damaged one.
class ImageHelper {
 public:
  // `decode` makes bytes of the file with a number; it runs in the child. The files outlive this.
  ImageHelper(const std::vector<std::string>* files,
              const std::function<std::string(const std::string& file)>& decode);

  // Those bytes, or the Error that `decode` throws. A crash is Error(invalid) naming the file,
  // after which nothing can be decoded any more.
  [[nodiscard]] std::string decode(std::size_t number);
  [[nodiscard]] bool has_ended() const { return helper_.has_ended(); }

 private:
  const std::vector<std::string>* files_;
  GuardedHelper helper_;
};

}  // namespace pushforward
