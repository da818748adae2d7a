#include "io/zip.hpp"

#include <sys/mman.h>
#include <unistd.h>
#include <zlib.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <new>

#include "base/error.hpp"
#include "io/inflate.hpp"
#include "io/memory.hpp"

namespace pushforward {
namespace {

constexpr std::uint64_t max_deflate_ratio = 1032;

std::uint64_t little(const std::string& bytes, std::size_t offset, std::size_t size) {
  std::uint64_t value = 0;
  for (std::size_t i = size; i-- > 0;)
    value = (value << 8) | static_cast<unsigned char>(bytes[offset + i]);
  return value;
}

[[noreturn]] void fail_zip(const InputFile& file, const std::string& what) {
  fail_invalid(file.name() + ": is damaged: its ZIP directory " + what);
}

struct Directory {
  std::uint64_t entries, size, offset;
};

Directory find_directory(const InputFile& file) {
  // The end record stands before a comment of at most 65535 bytes.
  const std::uint64_t tail_size = std::min<std::uint64_t>(file.size(), 65535 + 22);
  const std::uint64_t tail_offset = file.size() - tail_size;
  const std::string tail = file.bytes(tail_offset, static_cast<std::size_t>(tail_size));
  const std::size_t end = tail.rfind(std::string("PK\x05\x06", 4));
  if (end == std::string::npos || tail.size() - end < 22)
    fail_invalid(file.name() + ": is cut short: its ZIP directory is missing");
  Directory directory{little(tail, end + 10, 2), little(tail, end + 12, 4),
                      little(tail, end + 16, 4)};
  // With a ZIP64 locator before it, the real end record is elsewhere.
  if (end >= 20 && tail.compare(end - 20, 4, std::string("PK\x06\x07", 4)) == 0) {
    const std::string record = file.bytes(little(tail, end - 12, 8), 56);
    if (record.size() < 56 || record.compare(0, 4, std::string("PK\x06\x06", 4)) != 0)
      fail_zip(file, "cannot be found");
    directory = {little(record, 32, 8), little(record, 40, 8), little(record, 48, 8)};
  }
  if (directory.size > file.size() || directory.offset > file.size() - directory.size ||
      directory.entries > directory.size / 46)
    fail_zip(file, "lies outside of the file");
  return directory;
}

// Sizes that do not fit 32 bits stand in an extra field, in this order, only those that do not fit.
void read_zip64(const std::string& extra, ZipMember* member) {
  for (std::size_t at = 0; at + 4 <= extra.size();) {
    const std::uint64_t id = little(extra, at, 2);
    const auto size = static_cast<std::size_t>(little(extra, at + 2, 2));
    std::size_t field = at + 4;
    const std::size_t end = std::min(field + size, extra.size());
    if (id == 1)
      for (std::uint64_t* value : {&member->unpacked, &member->packed, &member->offset})
        if (*value == 0xffffffffu && field + 8 <= end) {
          *value = little(extra, field, 8);
          field += 8;
        }
    at += 4 + size;
  }
}

std::string inflate_raw(const std::string& packed, std::size_t size) {
  std::string out(size, '\0');
  out.resize(inflate_into(DeflateWrapper::none, packed.data(), packed.size(), out.data(), size)
                 .value_or(0));
  return out;
}

// The first place from `offset` on that is not 0; the file's size if there is none.
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

std::uint32_t zip_checksum(const std::string& bytes) {
  uLong sum = crc32(0, nullptr, 0);
  for (std::size_t done = 0; done < bytes.size();) {
    const std::size_t part = std::min(bytes.size() - done, std::size_t{1} << 30);
    sum = crc32(sum, reinterpret_cast<const Bytef*>(bytes.data() + done), static_cast<uInt>(part));
    done += part;
  }
  return static_cast<std::uint32_t>(sum);
}

std::vector<ZipMember> list_zip(const InputFile& file) {
  const Directory directory = find_directory(file);
  const std::string bytes = file.bytes(directory.offset, static_cast<std::size_t>(directory.size));
  std::vector<ZipMember> members;
  std::size_t at = 0;
  for (std::uint64_t i = 0; i < directory.entries; ++i) {
    if (at > bytes.size() || bytes.size() - at < 46 ||
        bytes.compare(at, 4, std::string("PK\x01\x02", 4)) != 0)
      fail_zip(file, "makes no sense");
    const auto name_size = static_cast<std::size_t>(little(bytes, at + 28, 2));
    const auto extra_size = static_cast<std::size_t>(little(bytes, at + 30, 2));
    const auto comment_size = static_cast<std::size_t>(little(bytes, at + 32, 2));
    if (bytes.size() - at - 46 < name_size + extra_size) fail_zip(file, "makes no sense");
    ZipMember member{bytes.substr(at + 46, name_size),
                     (little(bytes, at + 8, 2) & 1u) != 0,
                     static_cast<unsigned>(little(bytes, at + 10, 2)),
                     static_cast<std::uint32_t>(little(bytes, at + 16, 4)),
                     little(bytes, at + 20, 4),
                     little(bytes, at + 24, 4),
                     little(bytes, at + 42, 4)};
    read_zip64(bytes.substr(at + 46 + name_size, extra_size), &member);
    members.push_back(std::move(member));
    at += 46 + name_size + extra_size + comment_size;
  }
  return members;
}

std::string read_zip_member(const InputFile& file, const ZipMember& member) {
  if (member.encrypted)
    fail_invalid(file.name() + ": " + member.name + " is encrypted, which is not read");
  if (member.method != 0 && member.method != 8)
    fail_invalid(file.name() + ": " + member.name + " is packed by method " +
                 std::to_string(member.method) + ", stored and deflated members are read");
  const std::string local = file.bytes(member.offset, 30);
  const auto damaged = [&](const std::string& what) {
    fail_invalid(file.name() + ": " + member.name + " is damaged: " + what);
  };
  if (local.size() < 30 || local.compare(0, 4, std::string("PK\x03\x04", 4)) != 0)
    damaged("its ZIP header is missing");
  const std::uint64_t start = member.offset + 30 + little(local, 26, 2) + little(local, 28, 2);
  if (start > file.size() || member.packed > file.size() - start)
    damaged("it reaches beyond the end of the file");
  if (member.method == 0 ? member.packed != member.unpacked
                         : member.unpacked / max_deflate_ratio > member.packed)
    damaged("its sizes make no sense");
  std::string bytes = file.bytes(start, static_cast<std::size_t>(member.packed));
  if (member.method == 8) bytes = inflate_raw(bytes, static_cast<std::size_t>(member.unpacked));
  if (bytes.size() != member.unpacked || zip_checksum(bytes) != member.crc)
    damaged("its checksum does not match");
  return bytes;
}

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
                " bytes that are none; nothing but further gzip streams and zeros may follow");
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

void require_plain_path(const std::string& path, const std::string& file) {
  std::string shown = path.substr(0, 60);
  for (char& c : shown)
    if (static_cast<unsigned char>(c) < 32) c = ' ';
  const std::string message =
      file + ": the name \"" + shown + "\" cannot be that of a dataset, rename it";
  for (char c : path)
    if (static_cast<unsigned char>(c) < 32) fail_invalid(message);
  std::size_t begin = 0;
  while (begin <= path.size()) {
    const std::size_t end = std::min(path.find('/', begin), path.size());
    const std::string part = path.substr(begin, end - begin);
    if (part.empty() || part == "." || part == "..") fail_invalid(message);
    begin = end + 1;
  }
}

}  // namespace pushforward
