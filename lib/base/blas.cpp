#include "base/blas.hpp"

#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cstddef>
#include <mutex>
#include <new>
#include <vector>

extern "C" {
// OpenBLAS's own: a buffer for one caller at a time, from a pool that only grows.
void* blas_memory_alloc(int unused);
void blas_memory_free(void* buffer);
}

namespace pushforward {
namespace {

// While OpenBLAS is loaded, this process may use one processor only: OpenBLAS counts them then, and
// starts a thread for each but the first. The environment variable that says the same is read
// before main() and cannot be set in time. The list of functions that run before a library's own is
// made by the linker (System V ABI, initialization functions); no library is ready for use there,
// so that only system calls are made.
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

// Libraries are ready now, the program's own variables are not yet.
__attribute__((constructor(101))) void take_processors_back() {
  if (processors_bytes > 0) syscall(SYS_sched_setaffinity, 0, processors_bytes, processors);
}

void require_memory(std::size_t bytes) {
  void* const memory =
      mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) throw std::bad_alloc();
  munmap(memory, bytes);
}

// A thread that calls BLAS. There are as many buffers in OpenBLAS's pool as there are such threads,
// so that no call has to ask the system for one.
class Caller {
 public:
  Caller() {
    const std::lock_guard<std::mutex> lock(mutex);
    std::vector<void*> buffers(callers + 1, nullptr);
    constexpr std::size_t buffer_bytes = std::size_t{128} << 20;  // OpenBLAS's on x86-64
    try {
      for (void*& buffer : buffers) {
        require_memory(buffer_bytes);
        buffer = blas_memory_alloc(0);
      }
    } catch (const std::bad_alloc&) {
      give_back(buffers);
      throw;
    }
    give_back(buffers);
    ++callers;
  }
  ~Caller() {
    const std::lock_guard<std::mutex> lock(mutex);
    --callers;
  }
  Caller(const Caller&) = delete;
  Caller& operator=(const Caller&) = delete;

 private:
  static void give_back(const std::vector<void*>& buffers) {
    for (void* buffer : buffers)
      if (buffer != nullptr) blas_memory_free(buffer);
  }

  static inline std::mutex mutex;
  static inline std::size_t callers = 0;
};

}  // namespace

void prepare_blas() {
  thread_local const Caller caller;
  static_cast<void>(caller);
}

}  // namespace pushforward
