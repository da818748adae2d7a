// Runs libraries that can crash on damaged input in a child process.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <functional>
#include <string>

namespace pushforward {

// A child process that answers questions until one of them ends it. It sees a copy of the parent's
// memory from the time it was started; starting it takes longer the larger that memory is.
class GuardedHelper {
 public:
  // `answer` runs in the child. Each question may take `seconds` of processor time, and what
  // grant_seconds() adds.
  GuardedHelper(const std::function<std::string(std::uint64_t question)>& answer, unsigned seconds);
  ~GuardedHelper();  // ends the child
  GuardedHelper(GuardedHelper&& other) noexcept;
  GuardedHelper& operator=(GuardedHelper&& other) noexcept;

  // Returns what `answer` returns. What it throws is thrown here as an Error of the same kind and
  // message. `name`, the file that the question is about, begins the other messages: Error(io) for
  // std::bad_alloc; Error(invalid, "`name`: `damage`") if the child crashes or runs out of time;
  // Error(io) if the system or a person killed it (SIGKILL when memory is short) or it cannot be
  // asked. Once it has ended, nothing more may be asked. A stop signal ends the child and throws
  // Stopped. Call it from one thread at a time.
  [[nodiscard]] std::string ask(std::uint64_t question, const std::string& name,
                                const std::string& damage);
  [[nodiscard]] bool has_ended() const { return socket_ < 0; }

 private:
  void end();

  int socket_ = -1;
  pid_t child_ = -1;
};

// Runs `work` in a child process of its own, with the same results and errors.
[[nodiscard]] std::string run_guarded(const std::function<std::string()>& work,
                                      const std::string& name, const std::string& damage,
                                      unsigned seconds);

// Called within `answer`: adds to the processor time left for this question. Called as the work
// makes progress, so that damage that causes an endless loop still ends soon.
void grant_seconds(unsigned seconds);

}  // namespace pushforward
