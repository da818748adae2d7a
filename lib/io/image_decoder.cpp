#include "io/image_decoder.hpp"

#include <stb/stb_image.h>

#include <algorithm>
#include <cstdlib>
#include <new>
#include <type_traits>

#include "base/error.hpp"
#include "io/image_damage.hpp"
#include "io/input_file.hpp"
#include "io/jpeg.hpp"

namespace pushforward {
namespace {

constexpr std::uint64_t max_file = std::uint64_t{1} << 30;
constexpr int max_pixels = 100000000;
constexpr unsigned seconds_per_file = 60;  // an intact one of 10^8 pixels takes 5

const stbi_uc* begin(const EncodedImage& image) {
  return reinterpret_cast<const stbi_uc*>(image.bytes.data());
}

int size(const EncodedImage& image) { return static_cast<int>(image.bytes.size()); }

// stb_image's own reasons are not meant for users, and may be about an earlier picture.
[[noreturn]] void fail_undecodable(const std::string& name) {
  const char* const reason = stbi_failure_reason();
  if (reason != nullptr && std::string(reason) == "outofmem") throw std::bad_alloc();
  fail_invalid(name +
               ": cannot be decoded: it is damaged, or of a kind that is not read; save it again "
               "as a PNG of 8 or 16 bits");
}

bool is_jpeg(const std::string& head) { return head.compare(0, 3, "\xff\xd8\xff") == 0; }

// Text may begin with BM too, but has no zeros. The 32 bits at byte 14 are the size of the second
// header: 12, or at least 40.
bool is_bmp(const std::string& head) {
  if (head.size() < image_head_size || head.compare(0, 2, "BM") != 0) return false;
  const auto size = static_cast<unsigned char>(head[14]);
  return (size == 12 || size >= 40) && head.compare(15, 3, std::string(3, '\0')) == 0;
}

// The format of a PNG or BMP file.
ImageFormat format_of(const EncodedImage& image) {
  const std::string damage = image_damage(image.bytes);
  if (!damage.empty()) fail_invalid(image.name + ": " + damage);
  ImageFormat format;
  if (stbi_info_from_memory(begin(image), size(image), &format.width, &format.height,
                            &format.channels) == 0)
    fail_undecodable(image.name);
  // A BMP stored from top to bottom has a negative height.
  if (format.height < 0 && format.height > -max_pixels) format.height = -format.height;
  format.channels = format.channels < 3 ? 1 : 3;
  format.sixteen_bits = stbi_is_16_bit_from_memory(begin(image), size(image)) != 0;
  return format;
}

template <class T>
Pixels<T> jpeg_pixels(const EncodedImage& image, int channels) {
  ImageFormat wanted = image.format;
  wanted.channels = channels;
  Pixels<T> pixels(static_cast<T*>(std::malloc(wanted.size() * sizeof(T))), std::free);
  if (!pixels) throw std::bad_alloc();
  if constexpr (std::is_same_v<T, std::uint8_t>) {
    decode_jpeg(image, channels, pixels.get());
  } else {
    const Pixels<std::uint8_t> bytes = jpeg_pixels<std::uint8_t>(image, channels);
    std::transform(bytes.get(), bytes.get() + wanted.size(), pixels.get(),
                   [](std::uint8_t level) { return static_cast<T>(257 * level); });
  }
  return pixels;
}

}  // namespace

bool is_image(const std::string& head) {
  const auto begins = [&](const char* magic, std::size_t size) {
    return head.compare(0, size, std::string(magic, size)) == 0;
  };
  return begins("\x89PNG\r\n\x1a\n", 8) || is_jpeg(head) || is_bmp(head);
}

EncodedImage load_image(const std::string& name) {
  const InputFile file(name);
  if (file.size() > max_file) fail_invalid(name + ": is larger than 1 GiB, no picture is read");
  EncodedImage image{name, file.bytes(0, static_cast<std::size_t>(file.size())), {}};
  if (!is_image(image.bytes)) fail_invalid(name + ": is not a picture, PNG, JPEG and BMP are read");
  image.format = is_jpeg(image.bytes) ? jpeg_format(image) : format_of(image);
  const ImageFormat& format = image.format;
  if (format.width < 1 || format.height < 1 ||
      std::int64_t{format.width} * std::int64_t{format.height} > max_pixels)
    fail_invalid(name + ": has " + std::to_string(format.width) + "x" +
                 std::to_string(format.height) + " pixels, at most 10^8 are read");
  return image;
}

template <class T>
Pixels<T> decode_image(const EncodedImage& image, int channels) {
  if (is_jpeg(image.bytes)) return jpeg_pixels<T>(image, channels);
  int width = 0, height = 0, stored = 0;
  T* pixels = nullptr;
  if constexpr (std::is_same_v<T, std::uint16_t>)
    pixels =
        stbi_load_16_from_memory(begin(image), size(image), &width, &height, &stored, channels);
  else
    pixels = stbi_load_from_memory(begin(image), size(image), &width, &height, &stored, channels);
  Pixels<T> decoded(pixels, stbi_image_free);
  if (!decoded || width != image.format.width || height != image.format.height)
    fail_undecodable(image.name);
  return decoded;
}

template Pixels<std::uint8_t> decode_image(const EncodedImage&, int);
template Pixels<std::uint16_t> decode_image(const EncodedImage&, int);

ImageHelper::ImageHelper(const std::vector<std::string>* files,
                         const std::function<std::string(const std::string& file)>& decode)
    : files_(files),
      helper_([files, &decode](std::uint64_t number) { return decode((*files)[number]); },
              seconds_per_file) {}

std::string ImageHelper::decode(std::size_t number) {
  return helper_.ask(number, (*files_)[number], "is damaged: it cannot be decoded");
}

}  // namespace pushforward
