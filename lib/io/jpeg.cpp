#include "io/jpeg.hpp"

#include <csetjmp>
#include <cstdio>
#include <new>
#include <vector>
// After <cstdio>, which it needs and does not include.
#include <jpeglib.h>
// After <jpeglib.h>, which decides what it declares.
#include <jerror.h>

#include "base/error.hpp"

namespace pushforward {
namespace {

// Whether a warning says that pixels, or what decodes them, are missing or wrong. Other warnings
// are about versions and profiles. Some writers leave bytes after the pixels, or pad a segment to a
// multiple of four; more bytes between two markers may be a segment whose marker is damaged.
bool is_damage(const jpeg_error_mgr& warning) {
  switch (warning.msg_code) {
    case JWRN_JPEG_EOF:
    case JWRN_HIT_MARKER:
    case JWRN_HUFF_BAD_CODE:
    case JWRN_ARITH_BAD_CODE:
    case JWRN_BOGUS_PROGRESSION:
    case JWRN_MUST_RESYNC:
      return true;
    case JWRN_EXTRANEOUS_DATA:
      return warning.msg_parm.i[0] > 3 && warning.msg_parm.i[1] != JPEG_EOI;
    default:
      return false;
  }
}

// What libjpeg calls when something is wrong.
struct ErrorHandler {
  jpeg_error_mgr base;  // first, because libjpeg keeps a pointer to it
  std::jmp_buf leave;
};

extern "C" [[noreturn]] void leave(j_common_ptr jpeg) {
  std::longjmp(reinterpret_cast<ErrorHandler*>(jpeg->err)->leave, 1);
}

extern "C" void leave_at_damage(j_common_ptr jpeg, int level) {
  if (level < 0 && is_damage(*jpeg->err)) leave(jpeg);
}

// Errors of intact files that libjpeg does not read.
bool is_of_other_kind(int error) {
  switch (error) {
    case JERR_SOF_UNSUPPORTED:
    case JERR_BAD_PRECISION:
    case JERR_ARITH_NOTIMPL:
    case JERR_CCIR601_NOTIMPL:
    case JERR_CONVERSION_NOTIMPL:
    case JERR_FRACT_SAMPLE_NOTIMPL:
    case JERR_NOTIMPL:
    case JERR_NOT_COMPILED:
      return true;
    default:
      return false;
  }
}

std::string complaint_about(int error, const std::string& said) {
  if (is_of_other_kind(error)) return "is a JPEG of a kind that is not read; save it as PNG";
  switch (error) {
    case JWRN_JPEG_EOF:
      return "is damaged: it is cut short";
    case JWRN_HIT_MARKER:
      return "is damaged: it holds fewer pixels than it declares";
    case JWRN_HUFF_BAD_CODE:
    case JWRN_ARITH_BAD_CODE:
    case JWRN_BOGUS_PROGRESSION:
    case JWRN_MUST_RESYNC:
      return "is damaged: the codes of its pixels are not valid";
    default:
      return "is damaged: it is not a valid JPEG (" + said + ")";
  }
}

// x y / 255, rounded.
unsigned product(unsigned x, unsigned y) {
  const unsigned sum = x * y + 128;
  return (sum + (sum >> 8)) >> 8;
}

// Converts one line from 1, 3 or 4 samples per pixel to 1 or 3.
void convert_line(const JSAMPLE* from, int stored, std::uint8_t* to, int wanted, unsigned width) {
  for (unsigned x = 0; x < width; ++x, from += stored, to += wanted) {
    unsigned colour[3];
    for (int c = 0; c < 3; ++c) {
      colour[c] = from[stored == 1 ? 0 : c];
      if (stored == 4) colour[c] = from[3] - product(255 - colour[c], from[3]);
    }
    const bool luminance = wanted == 1 && stored > 1;
    if (luminance)
      colour[0] = (19595 * colour[0] + 38470 * colour[1] + 7471 * colour[2] + 0x8000) >> 16;
    for (int c = 0; c < wanted; ++c) to[c] = static_cast<std::uint8_t>(colour[c]);
  }
}

// Decodes one picture. libjpeg leaves the two functions with setjmp by a jump that skips
// destructors, so nothing in them may have one.
class Decoder {
 public:
  explicit Decoder(const EncodedImage& image) : image_(image) {
    jpeg_.err = jpeg_std_error(&handler_.base);
    handler_.base.error_exit = leave;
    handler_.base.emit_message = leave_at_damage;
  }
  ~Decoder() { jpeg_destroy_decompress(&jpeg_); }
  Decoder(const Decoder&) = delete;
  Decoder& operator=(const Decoder&) = delete;

  ImageFormat open() {
    if (!read_header()) fail();
    switch (jpeg_.num_components) {
      case 1:
        jpeg_.out_color_space = JCS_GRAYSCALE;
        break;
      case 3:
        jpeg_.out_color_space = JCS_RGB;
        break;
      case 4:
        jpeg_.out_color_space = JCS_CMYK;
        break;
      default:
        fail_with(JERR_CONVERSION_NOTIMPL);
    }
    // Huffman codes take at least a bit per block of 8 x 8, arithmetic codes may take less.
    const std::uint64_t blocks =
        (std::uint64_t{jpeg_.image_width} + 7) / 8 * ((std::uint64_t{jpeg_.image_height} + 7) / 8);
    if (jpeg_.arith_code == 0 && blocks / 8 > image_.bytes.size())
      fail_invalid(image_.name + ": is damaged: it declares " + std::to_string(jpeg_.image_width) +
                   "x" + std::to_string(jpeg_.image_height) +
                   " pixels, more than its bytes can hold");
    return {static_cast<int>(jpeg_.image_width), static_cast<int>(jpeg_.image_height),
            jpeg_.num_components == 1 ? 1 : 3, false};
  }

  void decode(int channels, std::uint8_t* pixels) {
    std::vector<JSAMPLE> line(std::size_t{jpeg_.image_width} *
                              static_cast<std::size_t>(jpeg_.num_components));
    if (!read_pixels(channels, pixels, line.data())) fail();
  }

 private:
  bool read_header() {
    if (setjmp(handler_.leave) != 0) return false;
    jpeg_create_decompress(&jpeg_);
    jpeg_mem_src(&jpeg_, reinterpret_cast<const unsigned char*>(image_.bytes.data()),
                 static_cast<unsigned long>(image_.bytes.size()));
    jpeg_read_header(&jpeg_, TRUE);
    return true;
  }

  bool read_pixels(int channels, std::uint8_t* pixels, JSAMPLE* line) {
    if (setjmp(handler_.leave) != 0) return false;
    jpeg_start_decompress(&jpeg_);
    while (jpeg_.output_scanline < jpeg_.output_height) {
      std::uint8_t* const to = pixels + std::size_t{jpeg_.output_scanline} * jpeg_.output_width *
                                            static_cast<std::size_t>(channels);
      const bool as_stored = channels == jpeg_.output_components;
      JSAMPROW row = as_stored ? to : line;
      jpeg_read_scanlines(&jpeg_, &row, 1);
      if (!as_stored) convert_line(line, jpeg_.output_components, to, channels, jpeg_.output_width);
    }
    jpeg_finish_decompress(&jpeg_);
    return true;
  }

  [[noreturn]] void fail() {
    const int error = handler_.base.msg_code;
    if (error == JERR_OUT_OF_MEMORY) throw std::bad_alloc();
    fail_with(error);
  }

  [[noreturn]] void fail_with(int error) {
    char said[JMSG_LENGTH_MAX] = "";
    handler_.base.format_message(reinterpret_cast<j_common_ptr>(&jpeg_), said);
    fail_invalid(image_.name + ": " + complaint_about(error, said));
  }

  const EncodedImage& image_;
  jpeg_decompress_struct jpeg_{};
  ErrorHandler handler_{};
};

}  // namespace

ImageFormat jpeg_format(const EncodedImage& image) { return Decoder(image).open(); }

void decode_jpeg(const EncodedImage& image, int channels, std::uint8_t* pixels) {
  Decoder decoder(image);
  decoder.open();
  decoder.decode(channels, pixels);
}

}  // namespace pushforward
