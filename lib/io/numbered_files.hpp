// Names of the files of a series: "out-%04d.png" is out-0000.png, out-0001.png, ...
#pragma once

#include <cstddef>
#include <string>

namespace pushforward {

class NumberedFiles {
 public:
  // Whether a name has a place for a number: %d, or %4d or %04d for at least four digits.
  [[nodiscard]] static bool is_pattern(const std::string& name);

  // Error(usage) unless the name has one such place, after the last slash.
  explicit NumberedFiles(const std::string& pattern);
  [[nodiscard]] std::string name(std::size_t number) const;

 private:
  std::string before_, after_;
  std::size_t digits_ = 1;
};

}  // namespace pushforward
