#include "io/jpeg_damage.hpp"

#include <csetjmp>
#include <cstdint>
#include <cstdio>
#include <new>
#include <vector>
// After <cstdio>, which it needs and does not include.
#include <jerror.h>
#include <jpeglib.h>

#include "io/image_damage.hpp"

namespace pushforward {
namespace {

// What libjpeg calls when something is wrong: errors end the reading, warnings are noted.
struct ErrorHandler {
  jpeg_error_mgr base;  // what libjpeg knows
  std::jmp_buf leave;
  int first_warning = 0;  // the first that means damage
};

ErrorHandler* handler(j_common_ptr jpeg) { return reinterpret_cast<ErrorHandler*>(jpeg->err); }

extern "C" void leave_at_error(j_common_ptr jpeg) { std::longjmp(handler(jpeg)->leave, 1); }

extern "C" void note_warning(j_common_ptr jpeg, int level) {
  if (level >= 0) return;  // a trace
  const int code = jpeg->err->msg_code;
  const bool damage = code == JWRN_JPEG_EOF || code == JWRN_HIT_MARKER ||
                      code == JWRN_HUFF_BAD_CODE || code == JWRN_MUST_RESYNC;
  ErrorHandler* const h = handler(jpeg);
  if (damage && h->first_warning == 0) h->first_warning = code;
}

// More pixels than codes of one bit a block of 8 x 8 could hold.
bool too_large(const jpeg_decompress_struct& jpeg, std::size_t bytes) {
  const std::uint64_t blocks =
      (std::uint64_t{jpeg.image_width} + 7) / 8 * ((std::uint64_t{jpeg.image_height} + 7) / 8);
  return blocks / 8 > bytes;
}

enum class Outcome { whole, error, too_large, other_kind };

// Errors of sound files that libjpeg does not read: lossless ones, 12 bits a sample, and the like.
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

// Reads all codes; the pixels are thrown away, and are an eighth in size. No object with a
// destructor may live here, because an error jumps out of it; `line` is the caller's.
Outcome read_codes(const std::string& bytes, jpeg_decompress_struct* jpeg, ErrorHandler* h,
                   std::vector<JSAMPLE>* line) {
  if (setjmp(h->leave) != 0) return Outcome::error;
  jpeg_create_decompress(jpeg);
  jpeg_mem_src(jpeg, reinterpret_cast<const unsigned char*>(bytes.data()),
               static_cast<unsigned long>(bytes.size()));
  jpeg_read_header(jpeg, TRUE);
  if (jpeg->arith_code != 0) return Outcome::other_kind;  // the decoder knows Huffman codes alone
  if (too_large(*jpeg, bytes.size())) return Outcome::too_large;
  // More than is read, so it will be refused all the same.
  if (std::uint64_t{jpeg->image_width} * jpeg->image_height > most_pixels) return Outcome::whole;
  jpeg->out_color_space = jpeg->jpeg_color_space;
  jpeg->scale_num = 1;
  jpeg->scale_denom = 8;
  jpeg_start_decompress(jpeg);
  line->resize(static_cast<std::size_t>(jpeg->output_width) *
               static_cast<std::size_t>(jpeg->output_components));
  JSAMPROW row = line->data();
  while (jpeg->output_scanline < jpeg->output_height) jpeg_read_scanlines(jpeg, &row, 1);
  jpeg_finish_decompress(jpeg);
  return Outcome::whole;
}

std::string reason(j_common_ptr jpeg) {
  char text[JMSG_LENGTH_MAX] = "";
  jpeg->err->format_message(jpeg, text);
  return text;
}

}  // namespace

std::string jpeg_damage(const std::string& bytes) {
  jpeg_decompress_struct jpeg{};
  ErrorHandler h{};
  jpeg.err = jpeg_std_error(&h.base);
  h.base.error_exit = leave_at_error;
  h.base.emit_message = note_warning;
  std::vector<JSAMPLE> line;
  const Outcome outcome = read_codes(bytes, &jpeg, &h, &line);
  const int error = h.base.msg_code;
  const std::string said =
      outcome == Outcome::error ? reason(reinterpret_cast<j_common_ptr>(&jpeg)) : std::string();
  const std::string size =
      std::to_string(jpeg.image_width) + "x" + std::to_string(jpeg.image_height);
  jpeg_destroy_decompress(&jpeg);
  if (outcome == Outcome::error && error == JERR_OUT_OF_MEMORY) throw std::bad_alloc();
  if (outcome == Outcome::other_kind || (outcome == Outcome::error && is_of_other_kind(error)))
    return "is a JPEG of a kind that is not read; save it as PNG";
  if (outcome == Outcome::too_large)
    return "is damaged: it declares " + size + " pixels, more than its bytes can hold";
  switch (h.first_warning) {
    case JWRN_JPEG_EOF:
      return "is damaged: it is cut short";
    case JWRN_HIT_MARKER:
      return "is damaged: it holds fewer pixels than it declares";
    case 0:
      break;
    default:
      return "is damaged: the codes of its pixels make no sense";
  }
  return outcome == Outcome::error ? "is damaged: as a JPEG it makes no sense (" + said + ")" : "";
}

}  // namespace pushforward
