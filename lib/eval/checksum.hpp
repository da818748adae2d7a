// A checksum that tells which weights features were computed with.
#pragma once

#include <boost/crc.hpp>
#include <string>
#include <vector>

namespace pushforward {

// The CRC-32 of numbers as float32.
class Checksum {
 public:
  void add(const std::vector<float>& numbers);
  [[nodiscard]] std::string text() const;  // 8 hexadecimal digits

 private:
  boost::crc_32_type sum_;
};

}  // namespace pushforward
