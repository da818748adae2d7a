#include "eval/picture_source.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <stdexcept>

#include "base/error.hpp"
#include "base/short_number.hpp"
#include "io/image_decoder.hpp"
#include "io/image_files.hpp"
#include "io/input_file.hpp"

namespace pushforward {
namespace {

constexpr PixelRange full_bytes{0, 255}, full_words{0, 65535};

float level(double value, const PixelRange& range) {
  return static_cast<float>(255 * (value - range.low) / (range.high - range.low));
}

// Precedes the pixels in the answer of a child process.
struct Decoded {
  std::size_t height, width;
  bool sixteen_bits;
  [[nodiscard]] std::size_t size() const { return height * width * 3; }
};

template <class T>
std::string packed(const Decoded& decoded, const Pixels<T>& pixels) {
  std::string bytes(reinterpret_cast<const char*>(&decoded), sizeof decoded);
  return bytes.append(reinterpret_cast<const char*>(pixels.get()), decoded.size() * sizeof(T));
}

std::string decode(const std::string& file) {
  const EncodedImage image = load_image(file);
  const Decoded decoded{static_cast<std::size_t>(image.format.height),
                        static_cast<std::size_t>(image.format.width), image.format.sixteen_bits};
  return decoded.sixteen_bits ? packed(decoded, decode_image<std::uint16_t>(image, 3))
                              : packed(decoded, decode_image<std::uint8_t>(image, 3));
}

template <class T>
std::vector<float> levels(const char* stored, std::size_t size, const PixelRange& range) {
  std::vector<float> values(size);
  for (std::size_t i = 0; i < size; ++i) {
    T number;
    std::memcpy(&number, stored + i * sizeof number, sizeof number);
    values[i] = level(number, range);
  }
  return values;
}

Picture unpacked(const std::string& bytes) {
  Decoded decoded{};
  std::memcpy(&decoded, bytes.data(), sizeof decoded);
  const char* const stored = bytes.data() + sizeof decoded;
  return {decoded.height, decoded.width,
          decoded.sixteen_bits ? levels<std::uint16_t>(stored, decoded.size(), full_words)
                               : levels<std::uint8_t>(stored, decoded.size(), full_bytes)};
}

// "0,1", or two numbers.
std::optional<PixelRange> parse_range(const std::string& text) {
  PixelRange range;
  const char* at = text.data();
  const char* const end = at + text.size();
  for (double* number : {&range.low, &range.high}) {
    while (at != end && (*at == ' ' || (*at == ',' && number == &range.high))) ++at;
    const auto [stop, error] = std::from_chars(at, end, *number);
    if (error != std::errc()) return std::nullopt;
    at = stop;
  }
  if (at != end) return std::nullopt;
  return range;
}

bool is_interval(const PixelRange& range) {
  return std::isfinite(range.high - range.low) && range.low < range.high;
}

bool is_real(ElementType type) {
  return type == ElementType::float32 || type == ElementType::float64;
}

ContainerReader open_container(const std::string& location) {
  const std::string file = Location::parse(location).file;
  std::error_code error;
  // Another kind of file is a pipe, whose bytes can be read only once.
  if (std::filesystem::is_regular_file(file, error) &&
      is_image(InputFile(file).bytes(0, image_head_size)))
    fail_invalid(file + ": is one picture, a set needs at least two; give a folder of them");
  return ContainerReader(location);
}

}  // namespace

PictureSource::PictureSource(const std::string& location, std::optional<PixelRange> range)
    : name_(location) {
  std::error_code error;
  if (std::filesystem::is_directory(location, error)) {
    ImageFiles images = find_images_below(location);
    files_ = std::make_unique<std::vector<std::string>>(std::move(images.files));
    passed_over_ = images.passed_over;
  } else {
    rows_.emplace(open_container(location));
    open(range);
  }
}

PictureSource::PictureSource(ContainerReader container, std::optional<PixelRange> range) {
  rows_.emplace(std::move(container));
  open(range);
}

// Determines the layout and range of the container.
void PictureSource::open(std::optional<PixelRange> range) {
  name_ = rows_->container().name();
  const std::string where = name_ + ": " + rows_->info().path;
  const Shape& shape = rows_->info().shape;
  const auto channels_at = [&](std::size_t axis) {
    return shape.size() == 4 && (shape[axis] == 1 || shape[axis] == 3);
  };
  if (shape.size() == 3) {
    layout_ = {shape[1], shape[2], 1, 1, 1};
  } else if (channels_at(1) && channels_at(3)) {
    fail_invalid(where + " has shape " + to_string(shape) +
                 ", which can be [N, C, H, W] or [N, H, W, C]; pictures of one or three pixels' "
                 "width are read as [N, H, W] alone");
  } else if (channels_at(1)) {
    layout_ = {shape[2], shape[3], shape[1], 1, shape[2] * shape[3]};
  } else if (channels_at(3)) {
    layout_ = {shape[1], shape[2], shape[3], shape[3], 1};
  } else {
    fail_invalid(where + " has shape " + to_string(shape) +
                 "; pictures are [N, H, W], or [N, C, H, W] with 1 or 3 channels");
  }

  const ElementType type = rows_->info().type;
  if (range && !is_interval(*range))
    fail_usage("the range of pixels " + short_number(range->low) + "," + short_number(range->high) +
               " is no interval from black to white");
  const std::optional<std::string> declared = rows_->container().text(rows_->info().path, "range");
  if (declared) {
    const std::optional<PixelRange> parsed = parse_range(*declared);
    if (!parsed || !is_interval(*parsed))
      fail_invalid(where + " has an attribute range '" + *declared +
                   "', which should be black and white: 0,1");
    range_ = *parsed;
  } else if (is_real(type)) {
    if (!range)
      fail_invalid(where + " holds " + element_type_name(type) +
                   ", of which black and white are not known; give " + setting("range") +
                   " 0,255, 0,1 or -1,1");
    range_ = *range;
  } else {
    range_ = type == ElementType::uint16 ? full_words : full_bytes;
  }
  clips_ = declared || is_real(type);
}

std::size_t PictureSource::count() const { return rows_ ? rows_->rows() : files_->size(); }

std::vector<std::string> PictureSource::history() const {
  return rows_ ? rows_->container().history() : std::vector<std::string>{};
}

Picture PictureSource::unpack(const Array& rows, std::size_t row, std::size_t number,
                              std::size_t* clipped) const {
  Array one = Array::make(rows.type, rows_->row_shape());
  std::memcpy(one.bytes.data(), rows.bytes.data() + row * one.bytes.size(), one.bytes.size());
  std::vector<double> values = one.to<double>();
  for (double& value : values) {
    const double inside = std::clamp(value, range_.low, range_.high);
    if (inside == value) continue;
    if (!clips_)
      fail_invalid(name_ + ": " + rows_->info().path + " row " + std::to_string(number) +
                   " holds " + short_number(value, 17) +
                   "; whole numbers of pictures are 0 to 255");
    ++*clipped;
    value = inside;
  }
  Picture picture{layout_.height, layout_.width,
                  std::vector<float>(layout_.height * layout_.width * 3)};
  for (std::size_t i = 0; i < layout_.height * layout_.width; ++i)
    for (std::size_t c = 0; c < 3; ++c)
      picture.values[i * 3 + c] = level(
          values[i * layout_.pixel_step + (c % layout_.channels) * layout_.channel_step], range_);
  return picture;
}

std::vector<Picture> PictureSource::read(std::size_t first, std::size_t count, Workers& workers) {
  if (first > this->count() || count > this->count() - first)
    throw std::invalid_argument("PictureSource::read: no such pictures");
  std::vector<Picture> pictures(count);
  if (rows_) {
    const Array rows = rows_->read_array(first, count);
    std::vector<std::size_t> clipped(count, 0);
    workers.run(count,
                [&](std::size_t i, int) { pictures[i] = unpack(rows, i, first + i, &clipped[i]); });
    for (std::size_t of_row : clipped) clipped_ += of_row;
    return pictures;
  }
  decode_files(first, &pictures, workers);
  return pictures;
}

void PictureSource::decode_files(std::size_t first, std::vector<Picture>* pictures,
                                 Workers& workers) {
  // Each worker has its own child process, started by this thread: a child ends when the thread
  // that started it ends. Children are kept, because starting one takes milliseconds.
  helpers_.erase(std::remove_if(helpers_.begin(), helpers_.end(),
                                [](const ImageHelper& helper) { return helper.has_ended(); }),
                 helpers_.end());
  while (helpers_.size() < static_cast<std::size_t>(workers.count()))
    helpers_.emplace_back(files_.get(), decode);
  workers.run(pictures->size(), [&](std::size_t i, int worker) {
    ImageHelper& helper = helpers_[static_cast<std::size_t>(worker)];
    // It ended at an earlier picture, whose error will be thrown.
    if (helper.has_ended()) return;
    (*pictures)[i] = unpacked(helper.decode(first + i));
  });
}

}  // namespace pushforward
