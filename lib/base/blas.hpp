// OpenBLAS without threads of its own, called by many threads.
#pragma once

namespace pushforward {

// To be held by a thread around calls of BLAS and LAPACK; another one inside it costs nothing.
// Throws std::bad_alloc where OpenBLAS would not get its working memory, which it asks for again
// and again for ever. Where memory is short, threads take turns.
//
// A program that links this starts none of OpenBLAS's threads, when it is loaded or later. Lanes
// (base/lanes.hpp) are what runs in parallel here, and results do not depend on their number;
// OpenBLAS's own threads change the last bits, want memory for each, and take part in every fork.
class BlasCall {
 public:
  BlasCall();
  ~BlasCall();
  BlasCall(const BlasCall&) = delete;
  BlasCall& operator=(const BlasCall&) = delete;
};

}  // namespace pushforward
