#include "io/row_queue.hpp"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "base/error.hpp"

namespace pushforward {
namespace {

constexpr std::size_t memory_limit = std::size_t{4} << 20;

}  // namespace

void RowQueue::push(const std::byte* bytes, std::size_t count) {
  if (spilled() == 0 && memory_.size() - taken_ + count <= memory_limit) {
    memory_.erase(memory_.begin(), memory_.begin() + static_cast<std::ptrdiff_t>(taken_));
    taken_ = 0;
    memory_.insert(memory_.end(), bytes, bytes + count);
    return;
  }
  if (!spill_) spill_ = std::make_unique<AtomicFile>(location_);
  const int error = write_fully_at(spill_->descriptor(), bytes, count, spill_end_);
  if (error != 0) fail_io(spill_->name() + ": cannot be written: " + std::strerror(error));
  spill_end_ += count;
}

void RowQueue::pop(std::byte* to, std::size_t count) {
  const std::size_t here = std::min(count, memory_.size() - taken_);
  std::copy_n(memory_.data() + taken_, here, to);
  taken_ += here;
  if (taken_ == memory_.size()) {
    memory_.clear();
    taken_ = 0;
  }
  if (count > here) read_spill(to + here, count - here);
}

void RowQueue::read_spill(std::byte* to, std::size_t count) {
  while (count > 0) {
    const ssize_t got = pread(spill_->descriptor(), to, count, static_cast<off_t>(spill_begin_));
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0)
      fail_io(spill_->name() +
              ": rows set aside cannot be read back: " + std::strerror(got < 0 ? errno : EIO));
    to += got;
    count -= static_cast<std::size_t>(got);
    spill_begin_ += static_cast<std::size_t>(got);
  }
  if (spill_begin_ == spill_end_) spill_begin_ = spill_end_ = 0;
}

}  // namespace pushforward
