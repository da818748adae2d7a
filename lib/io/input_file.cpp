#include "io/input_file.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

#include "base/error.hpp"
#include "base/stop.hpp"
#include "io/atomic_file.hpp"

namespace pushforward {
namespace {

constexpr std::size_t head_size = 4096;

[[noreturn]] void fail_reading(const std::string& name, int error) {
  const std::string message = name + ": cannot be read: " + std::strerror(error);
  if (error == ENOENT || error == ENOTDIR) fail_not_found(message);
  fail_io(message);
}

// read(2) until `count` bytes or the end. Throws Stopped if a stop signal arrives while it waits.
std::size_t read_fully(int descriptor, char* to, std::size_t count, const std::string& name) {
  std::size_t done = 0;
  while (done < count) {
    wait_until_ready(descriptor, Readiness::to_read);
    const ssize_t got = read(descriptor, to + done, count - done);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) fail_reading(name, errno);
    if (got == 0) break;
    done += static_cast<std::size_t>(got);
  }
  return done;
}

}  // namespace

InputFile::InputFile(const std::string& file,
                     const std::function<void(const std::string& head)>& check_head)
    : name_(file == "-" ? "standard input" : file) {
  if (file.empty()) fail_not_found("the name of an input file is empty");
  descriptor_ = file == "-" ? fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 3)
                            : open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY);
  if (descriptor_ < 0) {
    const int error = errno;
    throw_if_stopped();  // a signal interrupted the wait for the writer of a pipe
    fail_reading(name_, error);
  }
  try {
    struct stat status {};
    if (fstat(descriptor_, &status) != 0) fail_reading(name_, errno);
    if (S_ISDIR(status.st_mode)) fail_invalid(name_ + ": is a directory, not a file");
    if (S_ISBLK(status.st_mode) || (S_ISCHR(status.st_mode) && file != "-"))
      fail_invalid(name_ + ": is a device, not a file");
    // Standard input that the shell has already read a part of is read on from there, like a pipe.
    const bool begun = file == "-" && lseek(descriptor_, 0, SEEK_CUR) > 0;
    if (S_ISREG(status.st_mode) && !begun) {
      size_ = static_cast<std::uint64_t>(status.st_size);
      if (check_head) check_head(bytes(0, head_size));
      return;
    }
    std::string head(head_size, '\0');
    head.resize(read_fully(descriptor_, head.data(), head.size(), name_));
    if (check_head) check_head(head);
    spool(head);
  } catch (...) {
    close(descriptor_);
    throw;
  }
}

void InputFile::spool(const std::string& head) {
  const int pipe = descriptor_;
  const int memory = memfd_create("pushforward", MFD_CLOEXEC);
  if (memory < 0) fail_reading(name_, errno);
  descriptor_ = memory;  // closed by the constructor if anything below throws
  try {
    std::vector<char> block(head.begin(), head.end());
    while (!block.empty()) {
      append(block.data(), block.size());
      block.resize(std::size_t{1} << 20);
      block.resize(read_fully(pipe, block.data(), block.size(), name_));
    }
  } catch (...) {
    close(pipe);
    throw;
  }
  close(pipe);
}

InputFile InputFile::empty(const std::string& name) {
  InputFile file;
  file.name_ = name;
  file.descriptor_ = memfd_create("pushforward", MFD_CLOEXEC);
  if (file.descriptor_ < 0) fail_reading(name, errno);
  return file;
}

void InputFile::append(const void* bytes, std::size_t count) {
  overwrite(size_, bytes, count);
  size_ += count;
}

void InputFile::overwrite(std::uint64_t offset, const void* bytes, std::size_t count) {
  const int error = write_fully_at(descriptor_, bytes, count, offset);
  if (error != 0) fail_io(name_ + ": cannot be held in memory: " + std::strerror(error));
}

InputFile::~InputFile() {
  if (descriptor_ >= 0) close(descriptor_);
}

InputFile::InputFile(InputFile&& other) noexcept
    : name_(std::move(other.name_)),
      descriptor_(std::exchange(other.descriptor_, -1)),
      size_(other.size_) {}

InputFile& InputFile::operator=(InputFile&& other) noexcept {
  std::swap(name_, other.name_);
  std::swap(descriptor_, other.descriptor_);
  std::swap(size_, other.size_);
  return *this;
}

std::size_t InputFile::read_at(std::uint64_t offset, void* buffer, std::size_t count) const {
  char* to = static_cast<char*>(buffer);
  std::size_t done = 0;
  while (done < count) {
    const ssize_t got = pread(descriptor_, to + done, std::min(count - done, std::size_t{1} << 30),
                              static_cast<off_t>(offset + done));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) fail_reading(name_, errno);
    if (got == 0) break;
    done += static_cast<std::size_t>(got);
  }
  return done;
}

std::string InputFile::bytes(std::uint64_t offset, std::size_t count) const {
  if (offset >= size_) return {};
  std::string text(static_cast<std::size_t>(std::min<std::uint64_t>(count, size_ - offset)), '\0');
  text.resize(read_at(offset, text.data(), text.size()));
  return text;
}

}  // namespace pushforward
