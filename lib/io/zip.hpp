// Reading of ZIP archives and of gzip streams.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "io/input_file.hpp"

namespace pushforward {

struct ZipMember {
  std::string name;
  bool encrypted;
  unsigned method;  // 0 stored, 8 deflated
  std::uint32_t crc;
  std::uint64_t packed, unpacked;  // bytes
  std::uint64_t offset;            // of the local header
};

// The central directory (ZIP64 too). Names are as they stand there, whatever they are.
[[nodiscard]] std::vector<ZipMember> list_zip(const InputFile& file);

// The bytes of a member; their length and checksum are those the directory states. Encrypted
// members and other methods are refused.
[[nodiscard]] std::string read_zip_member(const InputFile& file, const ZipMember& member);

// The CRC-32 of a member's bytes.
[[nodiscard]] std::uint32_t zip_checksum(const std::string& bytes);

// The content of a gzip file, held in memory; members one after the other are joined. Zeros between
// and behind them are padding, anything else there is Error(invalid).
[[nodiscard]] InputFile gunzip(const InputFile& file);

// Error(invalid) unless `path` can name a dataset: no empty part, no "." and "..", no control
// characters.
void require_plain_path(const std::string& path, const std::string& file);

}  // namespace pushforward
