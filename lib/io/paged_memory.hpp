// Memory that the system may write to disk and read again when it is looked at, for sets of rows
// larger than the machine's memory.
#pragma once

#include <cstddef>
#include <memory>

namespace pushforward {

// `bytes` > 0 of zeros, in an unnamed file of the folder that TMPDIR names, or of /var/tmp. The
// disk space is taken at once: Error(io) if there is not enough, or no file can be made there.
[[nodiscard]] void* allocate_paged(std::size_t bytes);
void free_paged(void* memory, std::size_t bytes) noexcept;

// A vector's memory: paged from a gibibyte on.
template <class T>
struct PagedAllocator {
  using value_type = T;
  static constexpr std::size_t least_paged = (std::size_t{1} << 30) / sizeof(T);

  PagedAllocator() = default;
  template <class U>
  PagedAllocator(const PagedAllocator<U>&) {}

  [[nodiscard]] T* allocate(std::size_t count) {
    if (count < least_paged) return std::allocator<T>().allocate(count);
    return static_cast<T*>(allocate_paged(count * sizeof(T)));
  }
  void deallocate(T* memory, std::size_t count) noexcept {
    if (count < least_paged)
      std::allocator<T>().deallocate(memory, count);
    else
      free_paged(memory, count * sizeof(T));
  }
  friend bool operator==(const PagedAllocator&, const PagedAllocator&) { return true; }
  friend bool operator!=(const PagedAllocator&, const PagedAllocator&) { return false; }
};

}  // namespace pushforward
