// What a reader of pictures says of them.
#pragma once

#include <cstdint>
#include <string>

#include "complaint.hpp"
#include "io/image_decoder.hpp"
#include "io/temporary_folder.hpp"

namespace pushforward::testing {

// Of a file with these bytes, without its name; "none" if it can be read.
inline std::string said_of(const TemporaryFolder& folder, const std::string& bytes) {
  const std::string file = folder / "f";
  write_bytes(file, bytes);
  const std::string said =
      complaint([&] { static_cast<void>(decode_image<std::uint8_t>(load_image(file), 3)); });
  return said == "none" ? said : said.substr(file.size() + 2);
}

}  // namespace pushforward::testing
