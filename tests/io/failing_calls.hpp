// Makes the n-th system call of a kind fail in this process.
#pragma once

#include <string>

namespace pushforward::testing {

enum class Fault {
  none,
  write,        // pwrite fails with ENOSPC
  short_write,  // pwrite and write do one byte at a time, interrupted in between (no failure)
  truncate,
  sync,
  link,
  rename,
  rename_kills,      // the process is killed
  unnamed,           // no file without a name can be made (no failure): the named path is taken
  memory,            // memfd_create fails
  allocation,        // operator new throws
  thread,            // pthread_create fails with EAGAIN
  process,           // fork fails with EAGAIN
  socket,            // socketpair fails with EMFILE
  send,              // send fails with ENOBUFS
  send_interrupted,  // send is interrupted before a byte is sent (no failure)
  receive,           // read fails with EIO
  read               // pread fails with EIO
};

// From now on the n-th call (from 1) of the kind fails, once.
void arm(Fault fault, int n);
void disarm();
[[nodiscard]] bool has_failed();

}  // namespace pushforward::testing
