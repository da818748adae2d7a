#include "io/images.hpp"

#include <stb/stb_image_resize.h>

#include <cstring>

#include "base/error.hpp"
#include "io/image_decoder.hpp"
#include "io/memory.hpp"
#include "io/names.hpp"
#include "io/picture_layout.hpp"

namespace pushforward {
namespace {

ImageFormat wanted_format(const ImageFormat& first, const ImageOptions& options) {
  ImageFormat wanted = first;
  if (options.width > 0) {
    wanted.width = options.width;
    wanted.height = options.height;
  }
  if (options.channels > 0) wanted.channels = options.channels;
  return wanted;
}

// One row of /x: [C, H, W].
std::vector<std::uint8_t> decode(const EncodedImage& picture, const ImageFormat& wanted,
                                 const ImageOptions& options) {
  const ImageFormat& stored = picture.format;
  if (options.channels == 0 && stored.channels != wanted.channels)
    fail_invalid(picture.name + ": is " +
                 (wanted.channels == 1 ? "in colour, the first picture is grey"
                                       : "grey, the first picture is in colour") +
                 "; give --gray or --rgb");
  const bool scaled = stored.width != wanted.width || stored.height != wanted.height;
  if (scaled && options.width == 0)
    fail_invalid(picture.name + ": has " + std::to_string(stored.width) + "x" +
                 std::to_string(stored.height) + " pixels, the first picture has " +
                 std::to_string(wanted.width) + "x" + std::to_string(wanted.height) +
                 "; give --size");
  const Pixels<std::uint8_t> decoded = decode_image<std::uint8_t>(picture, wanted.channels);
  const std::uint8_t* pixels = decoded.get();
  std::vector<std::uint8_t> resized;
  if (scaled) {
    resized.resize(wanted.size());
    if (stbir_resize_uint8(pixels, stored.width, stored.height, 0, resized.data(), wanted.width,
                           wanted.height, 0, wanted.channels) == 0)
      fail_invalid(picture.name + ": cannot be scaled");
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

Table read_images(const ImageFiles& images, const ImageOptions& options) {
  const std::size_t count = images.files.size();
  // The format of all rows, which the first picture decides. The child sends it before that row.
  ImageFormat format;
  const auto decode_row = [&](const std::string& name) {
    const EncodedImage picture = load_image(name);
    std::string answer;
    if (format.size() == 0) {
      format = wanted_format(picture.format, options);
      if (format.size() > machine_memory() / 2 / count)
        fail_invalid(name + ": " + std::to_string(count) +
                     " pictures of this size do not fit in this machine's memory");
      answer.assign(reinterpret_cast<const char*>(&format), sizeof format);
    }
    const std::vector<std::uint8_t> row = decode(picture, format, options);
    return answer.append(row.begin(), row.end());
  };
  ImageHelper helper(&images.files, decode_row);
  const std::string first = helper.decode(0);
  std::memcpy(&format, first.data(), sizeof format);
  NamedArray x{"/x",
               Array::make(ElementType::uint8, {count, static_cast<std::size_t>(format.channels),
                                                static_cast<std::size_t>(format.height),
                                                static_cast<std::size_t>(format.width)}),
               {}};
  std::memcpy(x.array.bytes.data(), first.data() + sizeof format, format.size());
  for (std::size_t i = 1; i < count; ++i)
    std::memcpy(x.array.bytes.data() + i * format.size(), helper.decode(i).data(), format.size());
  Table table;
  table.datasets.push_back(std::move(x));
  if (!images.labels.empty())
    table.datasets.push_back(
        {"/label", Array::of(images.labels, {count}), {{"classes", join_names(images.classes)}}});
  return table;
}

void apply_image_options(const ImageOptions& options, const std::string& name, Table* table) {
  if (options.width == 0 && options.channels == 0) return;
  for (NamedArray& one : table->datasets) {
    if (one.path != "/x") continue;
    const Shape& shape = one.array.shape;
    if (one.array.type != ElementType::uint8 || shape.size() != 4 || one.array.size() == 0)
      fail_invalid(name + ": has no images of bytes [N, C, H, W] for --size, --gray or --rgb");
    require_channels_first(Shape(shape.begin() + 1, shape.end()), name);
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
