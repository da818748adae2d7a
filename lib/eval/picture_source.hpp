// A set of pictures of any sizes, from a folder or a container.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/lanes.hpp"
#include "eval/picture.hpp"
#include "io/image_decoder.hpp"
#include "io/rows.hpp"

namespace pushforward {

// The numbers that stand for black and white. Numbers outside are clipped.
struct PixelRange {
  double low = 0, high = 255;
};

// Grey becomes red, green and blue by repetition. Values are scaled to 0..255 and not rounded.
//
// Tensors are [N, H, W] or [N, C, H, W] with 1 or 3 channels, or [N, H, W, C] if the shape allows
// no other reading. The attribute `range` of their dataset ("0,1") gives black and white. Without
// it, whole numbers must be 0 to 255, or 0 to 65535 if they are uint16; real numbers need a range
// from the caller.
//
// A folder's pictures are its PNG, JPEG and BMP files and those in folders below it, in the order
// of their paths. Palettes are resolved. Transparency is dropped and not blended, as by Pillow's
// convert("RGB"). 16 bits per channel keep their precision. EXIF orientation is ignored.
class PictureSource {
 public:
  // A container (FILE, "-", FILE:/path) or a folder. Error(invalid): a folder without pictures, a
  // single picture file, a shape that holds no pictures, real numbers without a range. Error(usage)
  // if the range is not an interval.
  PictureSource(const std::string& location, std::optional<PixelRange> range);
  // A container that is open already, a pipe for example.
  PictureSource(ContainerReader container, std::optional<PixelRange> range);

  [[nodiscard]] std::size_t count() const;
  [[nodiscard]] const std::string& name() const { return name_; }  // for messages
  // The history of the container; empty for a folder.
  [[nodiscard]] std::vector<std::string> history() const;
  // How many files of the folder are not pictures.
  [[nodiscard]] std::size_t passed_over() const { return passed_over_; }
  // How many numbers read so far were outside of the range.
  [[nodiscard]] std::size_t clipped() const { return clipped_; }

  // Pictures [first, first + count). Error(invalid) names the first file that is damaged, or the
  // row of a number that is not finite or not between 0 and 255 where it must be.
  [[nodiscard]] std::vector<Picture> read(std::size_t first, std::size_t count, Workers& workers);

 private:
  // The order of the numbers in a row.
  struct Layout {
    std::size_t height = 0, width = 0, channels = 0;
    std::size_t pixel_step = 0, channel_step = 0;  // from one to the next
  };

  void open(std::optional<PixelRange> range);
  void decode_files(std::size_t first, std::vector<Picture>* pictures, Workers& workers);
  [[nodiscard]] Picture unpack(const Array& rows, std::size_t row, std::size_t number,
                               std::size_t* clipped) const;

  std::string name_;
  // The files of a folder; the helpers keep the pointer.
  std::unique_ptr<std::vector<std::string>> files_;
  std::vector<ImageHelper> helpers_;
  std::size_t passed_over_ = 0;
  std::optional<RowReader> rows_;  // of a container
  Layout layout_;
  PixelRange range_;
  bool clips_ = false;  // clips numbers outside of the range; otherwise refuses them
  std::size_t clipped_ = 0;
};

}  // namespace pushforward
