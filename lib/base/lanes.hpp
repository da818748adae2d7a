// Lanes: the one parallel loop of the toolkit.
//
// Work is cut into lanes whose number and size depend on the run, never on the machine. One thread
// runs a lane from start to end; which thread that is never changes a result.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>

namespace pushforward {

// Threads this process may use (its CPU affinity mask, not the machine's core count).
[[nodiscard]] int available_threads();

// A team of `threads` workers, or fewer if the system starts no more; results do not depend on
// their number. The caller is worker 0. After `run` the others spin for a moment before they sleep,
// so that starting the next run costs well under a microsecond.
class Workers {
 public:
  explicit Workers(int threads);
  ~Workers();
  Workers(const Workers&) = delete;
  Workers& operator=(const Workers&) = delete;

  [[nodiscard]] int count() const;

  // Calls body(lane, worker) once for every lane in [0, lanes), each on some worker in
  // [0, count()), and returns when all are done. If bodies threw, the exception of the lowest lane
  // is rethrown then.
  void run(std::size_t lanes, const std::function<void(std::size_t lane, int worker)>& body);

 private:
  struct Team;
  std::unique_ptr<Team> team_;
};

// Adds `count` vectors of `size` numbers into vectors[0] in a fixed tree order: distance 1, then 2,
// then 4, ... The order depends on `count` alone. The other vectors are left with partial sums.
template <class T>
void tree_add(T* const* vectors, std::size_t count, std::size_t size) {
  for (std::size_t distance = 1; distance < count; distance *= 2)
    for (std::size_t i = 0; i + distance < count; i += 2 * distance) {
      T* into = vectors[i];
      const T* from = vectors[i + distance];
      for (std::size_t k = 0; k < size; ++k) into[k] += from[k];
    }
}

}  // namespace pushforward
