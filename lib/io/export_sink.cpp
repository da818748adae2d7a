#include "io/export_sink.hpp"

#include <unistd.h>

#include <cstring>

#include "base/error.hpp"

namespace pushforward {

ExportSink::ExportSink(const std::string& output) {
  if (output != "-") file_ = std::make_unique<AtomicFile>(output);
}

void ExportSink::write(const void* bytes, std::size_t count) {
  if (file_) return file_->write(bytes, count);
  const int error = write_stream(STDOUT_FILENO, bytes, count);
  if (error != 0)
    fail_io(std::string("standard output: cannot be written: ") + std::strerror(error));
}

void ExportSink::commit() {
  if (file_) file_->commit();
}

}  // namespace pushforward
