// What the processor can do at best, to compare kernels with.
#pragma once

namespace pushforward {

// Float multiply-adds of one thread, GFLOP/s (two operations each), in the instruction set that the
// kernels run in: independent chains in registers, no memory.
double peak_gflops();

}  // namespace pushforward
