// A bound on what a program may allocate.
#pragma once

namespace pushforward {

// Bounds this process's data (RLIMIT_DATA) by the memory that is free now, swap and the control
// group's limit counted, so that a request for too much ends as std::bad_alloc and one line, and
// not by the kernel's choice of a process to kill. A lower limit of the caller's stays. Does
// nothing where the system does not tell, or has already given the process more (as sanitizers ask
// for).
void limit_memory();

}  // namespace pushforward
