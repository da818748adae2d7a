#include "io/paged_memory.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cstdlib>
#include <cstring>
#include <string>

#include "base/error.hpp"

namespace pushforward {

void* allocate_paged(std::size_t bytes) {
  const char* const asked = std::getenv("TMPDIR");
  const std::string folder = asked != nullptr && *asked != '\0' ? asked : "/var/tmp";
  const auto refuse = [&](int error) {
    fail_io(folder + ": no temporary file of " + std::to_string(bytes >> 20) +
            " MiB for the rows: " + std::strerror(error) + "; TMPDIR names another folder");
  };
  // A file without a name disappears with the process, however that ends.
  int file = open(folder.c_str(), O_TMPFILE | O_RDWR | O_EXCL | O_CLOEXEC, 0600);
  if (file < 0) {  // some file systems do not support O_TMPFILE
    std::string name = folder + "/pushforward-XXXXXX";
    file = mkostemp(name.data(), O_CLOEXEC);
    if (file < 0) refuse(errno);
    unlink(name.c_str());
  }
  int error = posix_fallocate(file, 0, static_cast<off_t>(bytes));
  void* memory = MAP_FAILED;
  if (error == 0) {
    memory = mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    if (memory == MAP_FAILED) error = errno;
  }
  close(file);  // the mapping keeps it
  if (error != 0) refuse(error);
  return memory;
}

void free_paged(void* memory, std::size_t bytes) noexcept { munmap(memory, bytes); }

}  // namespace pushforward
