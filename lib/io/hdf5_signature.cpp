#include "io/hdf5_signature.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "io/zip.hpp"

namespace pushforward {
namespace {

const std::string signature("\x89HDF\r\n\x1a\n", 8);

// HDF5 files may begin with a user block of 512, 1024 or 2048 bytes.
std::size_t signature_offset(const std::string& head) {
  for (std::size_t offset : {0u, 512u, 1024u, 2048u})
    if (head.compare(offset > head.size() ? head.size() : offset, 8, signature) == 0) return offset;
  return std::string::npos;
}

bool starts_with(const std::string& text, const std::string& prefix) {
  return text.compare(0, prefix.size(), prefix) == 0;
}

bool is_text(const std::string& head) {
  return std::all_of(head.begin(), head.end(), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte >= 32 || byte == '\t' || byte == '\n' || byte == '\r';
  });
}

std::uint64_t little_endian(const std::string& bytes, std::size_t offset, std::size_t size) {
  std::uint64_t value = 0;
  for (std::size_t i = size; i-- > 0;)
    value = (value << 8) | static_cast<unsigned char>(bytes[offset + i]);
  return value;
}

}  // namespace

bool is_hdf5(const std::string& head) { return signature_offset(head) != std::string::npos; }

void require_hdf5_signature(const std::string& head, const std::string& name) {
  if (head.empty()) fail_invalid(name + ": is empty, an HDF5 file is wanted");
  if (is_hdf5(head)) return;
  if (head.size() < signature.size() && starts_with(signature, head))
    fail_invalid(name + ": is cut short after " + std::to_string(head.size()) +
                 " bytes, write or copy it again");
  if (starts_with(head, "\x93NUMPY") || is_zip(head) || starts_with(head, "\x1f\x8b") ||
      starts_with(head, "\x89PNG") || starts_with(head, "\xff\xd8"))
    fail_invalid(name + ": is not an HDF5 file, convert it with tensor-import");
  if (is_text(head))
    fail_invalid(name + ": is text, not an HDF5 file; tensor-import reads CSV and TSV");
  fail_invalid(name + ": is not an HDF5 file");
}

void require_whole_hdf5(const InputFile& file) {
  const std::string head = file.bytes(0, hdf5_head_size);
  const std::size_t start = signature_offset(head);
  const std::string block = head.substr(start == std::string::npos ? head.size() : start);
  const auto cut_short = [&](const std::string& of) {
    fail_invalid(file.name() + ": is cut short after " + std::to_string(file.size()) + " bytes" +
                 of + ", write or copy it again");
  };
  if (block.size() < 16) cut_short("");
  const auto version = static_cast<unsigned char>(block[8]);
  // The size of an address is byte 13 in versions 0 and 1, byte 9 in versions 2 and 3. The end of
  // the file is the third address in all of them.
  const std::size_t address_size = static_cast<unsigned char>(block[version < 2 ? 13 : 9]);
  const std::size_t addresses = version == 0 ? 24 : version == 1 ? 28 : 12;
  if (version > 3 || (address_size != 2 && address_size != 4 && address_size != 8))
    fail_invalid(file.name() + ": is damaged: its HDF5 superblock is not valid");
  if (block.size() < addresses + 3 * address_size) cut_short("");
  const std::uint64_t end = little_endian(block, addresses + 2 * address_size, address_size);
  // HDF5 counts the end either from the beginning of the file or from the signature.
  if (end > file.size()) cut_short(" of " + std::to_string(end));
}

}  // namespace pushforward
