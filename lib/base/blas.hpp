// OpenBLAS, called from many threads but starting none.
#pragma once

namespace pushforward {

// Held by a thread around calls of BLAS and LAPACK; nesting costs nothing. Throws std::bad_alloc if
// there is no memory for OpenBLAS's buffer (OpenBLAS itself would retry for ever). Where memory is
// short, threads take turns.
//
// A program that links this never starts OpenBLAS's own threads. They would change the last bits of
// results, need memory each, and have to be stopped at every fork. Parallel work is cut into lanes
// instead (base/lanes.hpp), whose results do not depend on the number of threads.
class BlasCall {
 public:
  BlasCall();
  ~BlasCall();
  BlasCall(const BlasCall&) = delete;
  BlasCall& operator=(const BlasCall&) = delete;
};

}  // namespace pushforward
