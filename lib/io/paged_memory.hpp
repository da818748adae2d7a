// Memory that the system may page out to a file, for sets of rows larger than the machine's memory.
#pragma once

#include <cstddef>
#include <memory>

namespace pushforward {

// `bytes` > 0 zero bytes, backed by an unnamed file in the folder TMPDIR, or /var/tmp if that is
// unset. Disk space is reserved at once: Error(io) if there is not enough, or if no file can be
// created.
[[nodiscard]] void* allocate_paged(std::size_t bytes);
void free_paged(void* memory, std::size_t bytes) noexcept;

// An allocator for vectors: from 1 GiB on, memory is paged.
template <class T>
struct PagedAllocator {
  using value_type = T;
  static constexpr std::size_t min_paged = (std::size_t{1} << 30) / sizeof(T);

  PagedAllocator() = default;
  template <class U>
  PagedAllocator(const PagedAllocator<U>&) {}

  [[nodiscard]] T* allocate(std::size_t count) {
    if (count < min_paged) return std::allocator<T>().allocate(count);
    return static_cast<T*>(allocate_paged(count * sizeof(T)));
  }
  void deallocate(T* memory, std::size_t count) noexcept {
    if (count < min_paged)
      std::allocator<T>().deallocate(memory, count);
    else
      free_paged(memory, count * sizeof(T));
  }
  friend bool operator==(const PagedAllocator&, const PagedAllocator&) { return true; }
  friend bool operator!=(const PagedAllocator&, const PagedAllocator&) { return false; }
};

}  // namespace pushforward
