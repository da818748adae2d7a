#include "base/blas.hpp"

#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <condition_variable>
#include <cstddef>
#include <mutex>
#include <new>
#include <vector>

extern "C" {
// Exported by OpenBLAS: a work buffer for one caller at a time, from a pool that only grows.
void* blas_memory_alloc(int unused);
void blas_memory_free(void* buffer);
}

namespace pushforward {
namespace {

// OpenBLAS counts the available processors when it is loaded and starts a thread for each but the
// first. So this process is confined to one processor during the loading; OPENBLAS_NUM_THREADS is
// read before main() and cannot be set in time. Functions in .preinit_array run before the
// libraries' own initialization (System V ABI). No library is ready there: only system calls work.
unsigned long processors[1024];  // room for 65536
long processors_bytes = -1;

__attribute__((no_sanitize("address", "thread", "undefined"))) void leave_one_processor() {
  processors_bytes = syscall(SYS_sched_getaffinity, 0, sizeof processors, processors);
  if (processors_bytes <= 0) return;
  constexpr unsigned bits = 8 * sizeof(unsigned long);
  unsigned here = 0;
  if (syscall(SYS_getcpu, &here, nullptr, nullptr) != 0 || here / bits >= 1024) here = 0;
  static unsigned long one[1024];
  one[here / bits] = 1UL << here % bits;
  if (syscall(SYS_sched_setaffinity, 0, processors_bytes, one) != 0) processors_bytes = -1;
}

__attribute__((section(".preinit_array"),
               used)) void (*const before_libraries)() = leave_one_processor;

// Runs after the initialization of the libraries and before that of the program's own variables.
__attribute__((constructor(101))) void take_processors_back() {
  if (processors_bytes > 0) syscall(SYS_sched_setaffinity, 0, processors_bytes, processors);
}

bool has_memory(std::size_t bytes) {
  void* const memory =
      mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  return memory != MAP_FAILED && munmap(memory, bytes) == 0;
}

constexpr std::size_t buffer_bytes = std::size_t{128} << 20;  // OpenBLAS's, on x86-64

// A running BLAS call holds one buffer of OpenBLAS's pool. At most as many calls run at a time as
// the pool has buffers, so that no call asks the system for memory.
class Pool {
 public:
  void enter() {
    std::unique_lock<std::mutex> lock(mutex_);
    changed_.wait(lock, [&] { return !growing_; });
    if (busy_ == buffers_ && !full_) grow(lock);
    changed_.wait(lock, [&] { return busy_ < buffers_; });
    ++busy_;
  }
  void leave() {
    const std::lock_guard<std::mutex> lock(mutex_);
    --busy_;
    changed_.notify_all();
  }

 private:
  // OpenBLAS reuses idle buffers first. To add one, all are taken at once while no call runs.
  void grow(std::unique_lock<std::mutex>& lock) {
    std::vector<void*> all(buffers_ + 1);
    growing_ = true;
    changed_.wait(lock, [&] { return busy_ == 0; });
    // Beyond the first, a buffer is added only if it leaves memory for the work itself.
    full_ = !has_memory(buffers_ == 0 ? buffer_bytes : 2 * buffer_bytes);
    if (!full_) {
      for (void*& buffer : all) buffer = blas_memory_alloc(0);
      for (void* buffer : all) blas_memory_free(buffer);
      ++buffers_;
    }
    growing_ = false;
    changed_.notify_all();
    if (buffers_ > 0) return;
    full_ = false;  // there may be memory later
    throw std::bad_alloc();
  }

  std::mutex mutex_;
  std::condition_variable changed_;
  std::size_t buffers_ = 0, busy_ = 0;
  bool growing_ = false, full_ = false;
};

Pool& pool() {
  static Pool pool;
  return pool;
}

thread_local int depth = 0;  // nested calls in this thread

}  // namespace

BlasCall::BlasCall() {
  if (depth == 0) pool().enter();
  ++depth;
}

BlasCall::~BlasCall() {
  if (--depth == 0) pool().leave();
}

}  // namespace pushforward
