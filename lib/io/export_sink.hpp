// The output of an export.
#pragma once

#include <memory>
#include <string>

#include "io/atomic_file.hpp"

namespace pushforward {

// Standard output ("-") is written at once, so that a reader sees lines as they are made and no
// memory holds them. A file appears whole at commit().
class ExportSink {
 public:
  explicit ExportSink(const std::string& output);
  void write(const void* bytes, std::size_t count);
  void commit();

 private:
  std::unique_ptr<AtomicFile> file_;  // none: standard output
};

}  // namespace pushforward
