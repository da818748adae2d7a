// The system calls and allocations of lib/io, defined here so that the linker takes these: each can
// be made to fail, and otherwise does what the system does.
#include <dlfcn.h>
#include <fcntl.h>
#include <pthread.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdarg>
#include <cstdlib>
#include <new>

#include "io/failing_calls.hpp"

namespace pushforward::testing {
namespace {

Fault armed = Fault::none;
int left = 0;
bool failed = false;
bool interrupted = false;

bool due(Fault fault) {
  if (armed != fault || --left != 0) return false;
  failed = true;
  return true;
}

// Every other call is interrupted, the others do one byte.
bool interrupt(std::size_t* count) {
  if (armed != Fault::short_write) return false;
  interrupted = !interrupted;
  if (*count > 1) *count = (*count + 1) / 2;
  return interrupted;
}

}  // namespace

void arm(Fault fault, int n) {
  armed = fault;
  left = n;
  failed = false;
}
void disarm() { armed = Fault::none; }
bool has_failed() { return failed; }

}  // namespace pushforward::testing

namespace {
using namespace pushforward::testing;

int fail(int error) {
  errno = error;
  return -1;
}

// The system's own, where it does more than one call of the kernel.
template <class Function>
Function* real(const char* name) {
  return reinterpret_cast<Function*>(dlsym(RTLD_NEXT, name));
}
}  // namespace

void* operator new(std::size_t bytes) {
  void* const memory = due(Fault::allocation) ? nullptr : std::malloc(bytes == 0 ? 1 : bytes);
  if (memory == nullptr) throw std::bad_alloc();
  return memory;
}
void* operator new(std::size_t bytes, const std::nothrow_t&) noexcept {
  return due(Fault::allocation) ? nullptr : std::malloc(bytes == 0 ? 1 : bytes);
}
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }

extern "C" {

ssize_t pwrite(int descriptor, const void* bytes, size_t count, off_t offset) {
  if (due(Fault::write)) return fail(ENOSPC);
  if (interrupt(&count)) return fail(EINTR);
  return syscall(SYS_pwrite64, descriptor, bytes, count, offset);
}

ssize_t pread(int descriptor, void* bytes, size_t count, off_t offset) {
  if (due(Fault::read)) return fail(EIO);
  return syscall(SYS_pread64, descriptor, bytes, count, offset);
}

int ftruncate(int descriptor, off_t size) noexcept {
  if (due(Fault::truncate)) return fail(EIO);
  return static_cast<int>(syscall(SYS_ftruncate, descriptor, size));
}

int fsync(int descriptor) {
  if (due(Fault::sync)) return fail(EIO);
  return static_cast<int>(syscall(SYS_fsync, descriptor));
}

int linkat(int from_folder, const char* from, int to_folder, const char* to, int flags) noexcept {
  if (due(Fault::link)) return fail(EACCES);
  return static_cast<int>(syscall(SYS_linkat, from_folder, from, to_folder, to, flags));
}

int rename(const char* from, const char* to) noexcept {
  if (due(Fault::rename)) return fail(EPERM);
  if (due(Fault::rename_kills)) raise(SIGKILL);
  return static_cast<int>(syscall(SYS_rename, from, to));
}

int memfd_create(const char* name, unsigned flags) noexcept {
  if (due(Fault::memory)) return fail(ENFILE);
  return static_cast<int>(syscall(SYS_memfd_create, name, flags));
}

int open(const char* path, int flags, ...) {
  va_list arguments;
  va_start(arguments, flags);
  const mode_t mode = va_arg(arguments, mode_t);
  va_end(arguments);
  if (armed == Fault::unnamed && (flags & O_TMPFILE) == O_TMPFILE) return fail(EOPNOTSUPP);
  return static_cast<int>(syscall(SYS_openat, AT_FDCWD, path, flags, mode));
}

int pthread_create(pthread_t* thread, const pthread_attr_t* attributes, void* (*start)(void*),
                   void* argument) noexcept {
  if (due(Fault::thread)) return EAGAIN;
  return real<decltype(pthread_create)>("pthread_create")(thread, attributes, start, argument);
}

pid_t fork() noexcept {
  if (due(Fault::process)) return fail(EAGAIN);
  return real<pid_t()>("fork")();
}

int socketpair(int domain, int type, int protocol, int ends[2]) noexcept {
  if (due(Fault::socket)) return fail(EMFILE);
  return static_cast<int>(syscall(SYS_socketpair, domain, type, protocol, ends));
}

ssize_t send(int socket, const void* bytes, size_t count, int flags) {
  if (due(Fault::send)) return fail(ENOBUFS);
  if (due(Fault::send_interrupted)) return fail(EINTR);
  return syscall(SYS_sendto, socket, bytes, count, flags, nullptr, 0);
}

ssize_t read(int descriptor, void* bytes, size_t count) {
  if (due(Fault::receive)) return fail(EIO);
  return syscall(SYS_read, descriptor, bytes, count);
}

}  // extern "C"
