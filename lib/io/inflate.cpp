#include "io/inflate.hpp"

#include <zlib.h>

#include <algorithm>
#include <new>

namespace pushforward {
namespace {

void begin(DeflateWrapper wrapper, z_stream* stream) {
  if (inflateInit2(stream, wrapper == DeflateWrapper::zlib ? 15 : -15) != Z_OK)
    throw std::bad_alloc();
}

}  // namespace

std::optional<std::size_t> inflate_into(DeflateWrapper wrapper, const void* packed,
                                        std::size_t packed_size, void* out, std::size_t limit) {
  constexpr std::size_t most_at_once = std::size_t{1} << 30;  // zlib counts in 32 bits
  z_stream stream{};
  begin(wrapper, &stream);
  Bytef* const from = static_cast<Bytef*>(const_cast<void*>(packed));
  Bytef* const to = static_cast<Bytef*>(out);
  std::size_t in_done = 0, out_done = 0;
  int status = Z_OK;
  while (status == Z_OK) {
    const auto in_part = static_cast<uInt>(std::min(packed_size - in_done, most_at_once));
    const auto out_part = static_cast<uInt>(std::min(limit - out_done, most_at_once));
    stream.next_in = from + in_done;
    stream.avail_in = in_part;
    stream.next_out = to + out_done;
    stream.avail_out = out_part;
    status = inflate(&stream, Z_NO_FLUSH);
    in_done += in_part - stream.avail_in;
    out_done += out_part - stream.avail_out;
    if (status == Z_OK && in_part == stream.avail_in && out_part == stream.avail_out) break;
  }
  inflateEnd(&stream);
  if (status != Z_STREAM_END) return std::nullopt;
  return out_done;
}

InflatedSize inflated_size(DeflateWrapper wrapper, const void* packed, std::size_t packed_size,
                           std::size_t limit) {
  constexpr std::size_t most_at_once = std::size_t{1} << 30;
  z_stream stream{};
  begin(wrapper, &stream);
  Bytef block[32768];
  const Bytef* from = static_cast<const Bytef*>(packed);
  std::size_t left = packed_size, size = 0;
  int status = Z_OK;
  while (status == Z_OK && size <= limit) {
    if (stream.avail_in == 0 && left > 0) {
      stream.next_in = const_cast<Bytef*>(from);
      stream.avail_in = static_cast<uInt>(std::min(left, most_at_once));
      from += stream.avail_in;
      left -= stream.avail_in;
    }
    stream.next_out = block;
    stream.avail_out = sizeof block;
    status = inflate(&stream, Z_NO_FLUSH);  // Z_BUF_ERROR where there is nothing left to read
    size += sizeof block - stream.avail_out;
  }
  inflateEnd(&stream);
  if (status == Z_MEM_ERROR) throw std::bad_alloc();
  return {status == Z_STREAM_END  ? InflateEnd::whole
          : status == Z_BUF_ERROR ? InflateEnd::cut_short
          : status == Z_OK        ? InflateEnd::beyond_limit
                                  : InflateEnd::damaged,
          size};
}

}  // namespace pushforward
