// A limit on what a program may allocate.
#pragma once

namespace pushforward {

// Limits this process's data (RLIMIT_DATA) to the memory and swap that are free now, and to the
// control group's limit. So a request for too much ends in std::bad_alloc and one message, and not
// in the kernel killing some process. A lower existing limit is kept. Does nothing if the system
// does not tell how much is free, or if the process already holds more (as with sanitizers).
void limit_memory();

}  // namespace pushforward
