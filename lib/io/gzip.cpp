#include "io/gzip.hpp"

#include <zlib.h>

#include <new>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "io/memory.hpp"

namespace pushforward {
namespace {

// The position of the first byte from `offset` on that is not 0; the file's size if there is none.
std::uint64_t end_of_padding(const InputFile& file, std::uint64_t offset) {
  while (offset < file.size()) {
    const std::string part = file.bytes(offset, std::size_t{1} << 16);
    if (part.empty()) return file.size();
    const std::size_t at = part.find_first_not_of('\0');
    if (at != std::string::npos) return offset + at;
    offset += part.size();
  }
  return offset;
}

}  // namespace

InputFile gunzip(const InputFile& file) {
  const auto damaged = [&](const std::string& what) {
    fail_invalid(file.name() + ": its gzip stream is " + what);
  };
  InputFile result = InputFile::empty(file.name());
  z_stream stream{};
  if (inflateInit2(&stream, 15 + 16) != Z_OK) throw std::bad_alloc();
  struct End {
    z_stream* stream;
    ~End() { inflateEnd(stream); }
  } end{&stream};
  std::vector<Bytef> out(std::size_t{1} << 18);
  std::string in;
  std::uint64_t offset = 0;
  int status = Z_OK;
  for (;;) {
    if (stream.avail_in == 0) {
      in = file.bytes(offset, std::size_t{1} << 18);
      offset += in.size();
      stream.next_in = reinterpret_cast<Bytef*>(in.data());
      stream.avail_in = static_cast<uInt>(in.size());
      if (in.empty()) break;
    }
    if (status == Z_STREAM_END) {
      offset = end_of_padding(file, offset - stream.avail_in);
      stream.avail_in = 0;
      if (offset == file.size()) return result;
      if (file.bytes(offset, 2) != "\x1f\x8b")
        damaged("followed by " + std::to_string(file.size() - offset) +
                " bytes that are not gzip; only further gzip streams and zeros may follow");
      inflateReset(&stream);
      status = Z_OK;
      continue;
    }
    stream.next_out = out.data();
    stream.avail_out = static_cast<uInt>(out.size());
    status = inflate(&stream, Z_NO_FLUSH);
    if (status != Z_OK && status != Z_STREAM_END && status != Z_BUF_ERROR) damaged("damaged");
    result.append(out.data(), out.size() - stream.avail_out);
    if (result.size() > machine_memory() / 2) damaged("too large for this machine's memory");
  }
  if (status != Z_STREAM_END) damaged("cut short");
  return result;
}

}  // namespace pushforward
