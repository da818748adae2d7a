#include "io/atomic_file.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <climits>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <utility>
#include <vector>

#include "base/error.hpp"
#include "base/stop.hpp"
#include "io/descriptor_name.hpp"
#include "io/temporary_names.hpp"

namespace pushforward {
namespace {

[[noreturn]] void fail_to(const std::string& name, const char* what, int error) {
  fail_io(name + ": cannot be " + what + ": " + std::strerror(error));
}

// Exceeding a file size limit (ulimit -f) shall be an error like any other, not a fatal signal.
void survive_size_limit() {
  struct sigaction old {};
  if (sigaction(SIGXFSZ, nullptr, &old) == 0 && old.sa_handler == SIG_DFL)
    std::signal(SIGXFSZ, SIG_IGN);
}

std::string folder_of(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  if (slash == std::string::npos) return ".";
  return slash == 0 ? "/" : path.substr(0, slash);
}

// The file a symbolic link leads to, so that replacing it leaves the link in place.
std::string resolved(const std::string& path) {
  char* real = realpath(path.c_str(), nullptr);
  if (real == nullptr) return path;
  std::string result = real;
  std::free(real);
  return result;
}

// Names for the temporary file of a target, to be tried in this order. They depend on the target
// alone, so that a later run finds what an earlier one left.
constexpr int max_temporary_names = 100;
std::string temporary_name(const std::string& target, int attempt) {
  const std::string base = target.substr(target.rfind('/') + 1).substr(0, 200);
  return folder_of(target) + "/." + base + ".pushforward-" + std::to_string(attempt) + ".tmp";
}

// A temporary file is locked as long as a process writes it; the lock ends with the process.
bool lock_now(int descriptor) { return flock(descriptor, LOCK_EX | LOCK_NB) == 0; }

// Removes the file at this path if a killed process left it there. False if there is none, or if it
// is still being written.
bool remove_abandoned(const std::string& path) {
  struct stat status {};
  if (lstat(path.c_str(), &status) != 0 || !S_ISREG(status.st_mode)) return false;
  const int descriptor = open(path.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
  if (descriptor < 0) return false;
  const bool removed = lock_now(descriptor) && unlink(path.c_str()) == 0;
  close(descriptor);
  return removed;
}

// Removes what earlier runs left of a target. There are several only if they wrote it at once.
void remove_all_abandoned(const std::string& target) {
  constexpr int worth_a_look = 8;
  for (int attempt = 0; attempt < worth_a_look; ++attempt)
    remove_abandoned(temporary_name(target, attempt));
}

// Blocks all signals, so that none arrives between giving a file its temporary and its final name.
class SignalsHeld {
 public:
  SignalsHeld() {
    sigset_t all;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &old_);
  }
  ~SignalsHeld() { pthread_sigmask(SIG_SETMASK, &old_, nullptr); }
  SignalsHeld(const SignalsHeld&) = delete;
  SignalsHeld& operator=(const SignalsHeld&) = delete;

 private:
  sigset_t old_;
};

}  // namespace

struct AtomicFile::Implementation {
  std::string name;       // for messages
  std::string target;     // empty: a stream
  std::string temporary;  // the temporary file's path; empty while it has no name
  bool is_new = false;    // there was no target at the start
  int descriptor = -1;
  int stream = -1;  // the descriptor that commit() copies to, if there is no target
  std::size_t appended = 0;
  off_t copied = 0;       // to the stream
  bool in_place = false;  // the target is the file that the descriptor writes

  ~Implementation() {
    if (descriptor >= 0) close(descriptor);
    if (stream > STDOUT_FILENO) close(stream);
    remove_temporary();
  }

  void remove_temporary() {
    if (temporary.empty()) return;
    unlink(temporary.c_str());
    forget_temporary_name(temporary);
    temporary.clear();
  }

  void open_stream(int to) {
    stream = to;
    descriptor = memfd_create("pushforward", MFD_CLOEXEC);
    if (descriptor < 0) fail_to(name, "written", errno);
  }

  // A file without a name until commit(), so that nothing is left however the process ends.
  bool open_unnamed(mode_t mode) {
    descriptor = open(folder_of(target).c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, mode);
    if (descriptor < 0) return false;
    lock_now(descriptor);
    struct stat status {};
    if (stat(descriptor_path().c_str(), &status) == 0) return true;
    close(descriptor);  // without /proc the file could not be given a name
    descriptor = -1;
    return false;
  }

  void open_named(mode_t mode) {
    for (int attempt = 0; attempt < max_temporary_names; ++attempt) {
      std::string path = temporary_name(target, attempt);
      remember_temporary_name(path);
      descriptor = open(path.c_str(), O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, mode);
      if (descriptor >= 0) {
        temporary.swap(path);
        lock_now(descriptor);
        return;
      }
      const int error = errno;
      forget_temporary_name(path);
      if (error != EEXIST) fail_to(name, "created", error);
    }
    fail_to(name, "created", EEXIST);
  }

  // False if the name is taken.
  bool link_as(const std::string& path) const {
    if (linkat(AT_FDCWD, descriptor_path().c_str(), AT_FDCWD, path.c_str(), AT_SYMLINK_FOLLOW) == 0)
      return true;
    if (errno != EEXIST) fail_to(name, "created", errno);
    return false;
  }

  std::string descriptor_path() const { return "/proc/self/fd/" + std::to_string(descriptor); }

  void copy_to_stream() {
    std::vector<char> buffer(std::size_t{1} << 20);
    for (;;) {
      const ssize_t count = pread(descriptor, buffer.data(), buffer.size(), copied);
      if (count < 0 && errno == EINTR) continue;
      if (count < 0) fail_to(name, "written", errno);
      if (count == 0) return;
      const int error = write_stream(stream, buffer.data(), static_cast<std::size_t>(count));
      if (error != 0) fail_to(name, "written", error);
      copied += count;
    }
  }

  void replace_target() {
    // EINVAL: a file system without fsync.
    if (fsync(descriptor) != 0 && errno != EINVAL) fail_to(name, "written", errno);
    if (in_place) return;
    const std::string folder_name = folder_of(target);  // nothing may throw once the name is given
    {
      const SignalsHeld held;
      // A new target gets its name directly. Only one that is replaced needs a temporary name.
      const bool placed = temporary.empty() && is_new && link_as(target);
      for (int attempt = 0; !placed && temporary.empty(); ++attempt) {
        std::string path = temporary_name(target, attempt);
        if (link_as(path))
          temporary.swap(path);
        else if (attempt + 1 == max_temporary_names)
          fail_to(name, "created", EEXIST);
      }
      if (!placed && rename(temporary.c_str(), target.c_str()) != 0) {
        const int error = errno;
        remove_temporary();
        fail_to(name, "created", error);
      }
      if (!temporary.empty()) forget_temporary_name(temporary);
      temporary.clear();
      in_place = true;
    }
    const int folder = open(folder_name.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (folder < 0) return;  // a folder that we may write but not read
    const int error = fsync(folder) == 0 ? 0 : errno;
    close(folder);
    if (error != 0 && error != EINVAL) fail_to(name, "written", error);
  }
};

AtomicFile::AtomicFile(const std::string& location)
    : implementation_(std::make_unique<Implementation>()) {
  Implementation& file = *implementation_;
  survive_size_limit();
  if (location == "-") {
    file.name = "standard output";
    file.open_stream(STDOUT_FILENO);
    return;
  }
  file.name = location;
  if (location.empty()) fail_io("the name of an output file is empty");
  if (const int given = named_descriptor(location); given >= 0) {
    // Such as a log that standard error goes to: others write there too, so it is not replaced.
    const int stream = fcntl(given, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
    if (stream < 0) fail_to(location, "written", errno);
    file.open_stream(stream);
    return;
  }
  struct stat status {};
  const bool exists = stat(location.c_str(), &status) == 0;
  if (exists && S_ISDIR(status.st_mode)) fail_to(location, "written", EISDIR);
  if (!exists && location.back() == '/') fail_to(location, "created", ENOENT);
  if (exists && !S_ISREG(status.st_mode)) {
    const int device = open(location.c_str(), O_WRONLY | O_CLOEXEC | O_NOCTTY);
    if (device < 0) fail_to(location, "written", errno);
    file.open_stream(device);
    return;
  }
  // A file that we may not write is not replaced, though the folder would allow it.
  if (exists && access(location.c_str(), W_OK) != 0) fail_to(location, "written", errno);
  file.target = exists ? resolved(location) : location;
  file.is_new = !exists;
  remove_all_abandoned(file.target);
  const mode_t mode = 0666;
  if (!file.open_unnamed(mode)) file.open_named(mode);
  if (exists) {
    if (fchmod(file.descriptor, status.st_mode & 07777) != 0) fail_to(location, "created", errno);
  }
}

AtomicFile::~AtomicFile() = default;
AtomicFile::AtomicFile(AtomicFile&&) noexcept = default;
AtomicFile& AtomicFile::operator=(AtomicFile&&) noexcept = default;

int AtomicFile::descriptor() const { return implementation_->descriptor; }
std::string AtomicFile::name() const { return implementation_->name; }

void AtomicFile::write(const void* bytes, std::size_t count) {
  Implementation& file = *implementation_;
  const int error = write_fully_at(file.descriptor, bytes, count, file.appended);
  if (error != 0) fail_to(file.name, "written", error);
  file.appended += count;
}

void AtomicFile::commit() {
  Implementation& file = *implementation_;
  if (file.target.empty())
    file.copy_to_stream();
  else
    file.replace_target();
}

void AtomicFile::flush() {
  Implementation& file = *implementation_;
  if (file.target.empty()) file.copy_to_stream();
}

int write_stream(int stream, const void* bytes, std::size_t count) {
  const char* from = static_cast<const char*>(bytes);
  while (count > 0) {
    wait_until_ready(stream, Readiness::to_write);
    const ssize_t written = ::write(stream, from, std::min(count, std::size_t{1} << 30));
    if (written < 0 && errno != EINTR) return errno;
    if (written == 0) return ENOSPC;
    if (written < 0) continue;
    from += written;
    count -= static_cast<std::size_t>(written);
  }
  return 0;
}

int write_fully(int descriptor, const void* bytes, std::size_t count) {
  const char* from = static_cast<const char*>(bytes);
  while (count > 0) {
    const ssize_t written = ::write(descriptor, from, std::min(count, std::size_t{1} << 30));
    if (written < 0) {
      if (errno == EINTR) continue;
      return errno;
    }
    if (written == 0) return ENOSPC;
    from += written;
    count -= static_cast<std::size_t>(written);
  }
  return 0;
}

int write_fully_at(int descriptor, const void* bytes, std::size_t count, std::size_t offset) {
  const char* from = static_cast<const char*>(bytes);
  while (count > 0) {
    const ssize_t written =
        pwrite(descriptor, from, std::min(count, std::size_t{1} << 30), static_cast<off_t>(offset));
    if (written < 0) {
      if (errno == EINTR) continue;
      return errno;
    }
    if (written == 0) return ENOSPC;
    from += written;
    offset += static_cast<std::size_t>(written);
    count -= static_cast<std::size_t>(written);
  }
  return 0;
}

}  // namespace pushforward
