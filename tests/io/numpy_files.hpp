// NPY, NPZ and gzip files, made by hand.
#pragma once

#include <zlib.h>

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "io/picture_files.hpp"

namespace pushforward::testing {

template <class T>
inline std::string raw(const std::vector<T>& values) {
  return std::string(reinterpret_cast<const char*>(values.data()), values.size() * sizeof(T));
}

inline std::string npy(const std::string& type, bool fortran, const std::string& shape,
                       const std::string& data) {
  const std::string header = "{'descr': '" + type +
                             "', 'fortran_order': " + (fortran ? "True" : "False") +
                             ", 'shape': (" + shape + "), }\n";
  return "\x93NUMPY" + std::string("\x01\x00", 2) + little_endian(header.size(), 2) + header + data;
}

inline std::string deflated(const std::string& bytes) {
  z_stream stream{};
  deflateInit2(&stream, 9, Z_DEFLATED, -15, 8, Z_DEFAULT_STRATEGY);
  std::string out(bytes.size() + 100, '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
  stream.avail_in = static_cast<uInt>(bytes.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  deflate(&stream, Z_FINISH);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

inline std::string zip(const std::vector<std::pair<std::string, std::string>>& members, bool pack) {
  std::string file, directory;
  for (const auto& [name, bytes] : members) {
    const std::string packed = pack ? deflated(bytes) : bytes;
    const uLong sum =
        crc32(0, reinterpret_cast<const Bytef*>(bytes.data()), static_cast<uInt>(bytes.size()));
    const std::string common =
        little_endian(20, 2) + little_endian(0, 2) + little_endian(pack ? 8 : 0, 2) +
        little_endian(0, 4) + little_endian(sum, 4) + little_endian(packed.size(), 4) +
        little_endian(bytes.size(), 4) + little_endian(name.size(), 2) + little_endian(0, 2);
    directory += "PK\x01\x02" + little_endian(20, 2) + common + little_endian(0, 10) +
                 little_endian(file.size(), 4) + name;
    file += "PK\x03\x04" + common + name + packed;
  }
  return file + directory + "PK\x05\x06" + little_endian(0, 4) + little_endian(members.size(), 2) +
         little_endian(members.size(), 2) + little_endian(directory.size(), 4) +
         little_endian(file.size(), 4) + little_endian(0, 2);
}

inline std::string gzip(const std::string& bytes) {
  const uLong sum =
      crc32(0, reinterpret_cast<const Bytef*>(bytes.data()), static_cast<uInt>(bytes.size()));
  return std::string("\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03", 10) + deflated(bytes) +
         little_endian(sum, 4) + little_endian(bytes.size(), 4);
}

}  // namespace pushforward::testing
