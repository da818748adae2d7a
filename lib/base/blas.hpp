// OpenBLAS without threads of its own.
#pragma once

namespace pushforward {

// To be called by a thread before its first call of BLAS or LAPACK. Throws std::bad_alloc where
// OpenBLAS would not get its working memory: it tries again for ever.
//
// A program that links this starts none of OpenBLAS's threads, when it is loaded or later. Lanes
// (base/lanes.hpp) are what runs in parallel here, and results do not depend on their number;
// OpenBLAS's own threads change the last bits, want memory for each, and take part in every fork.
void prepare_blas();

}  // namespace pushforward
