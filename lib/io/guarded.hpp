// Work on bytes of unknown origin by libraries that can crash on them.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <functional>
#include <string>

namespace pushforward {

// A child process that answers questions, as long as none of them ends it. It sees the memory of
// its parent as it was when the child was made; to make one takes longer the larger that is.
class GuardedHelper {
 public:
  // `answer` runs in the child. It may spend `seconds` of processor time on one question, and more
  // where it asks for it (grant_seconds).
  GuardedHelper(const std::function<std::string(std::uint64_t question)>& answer, unsigned seconds);
  ~GuardedHelper();  // ends the child
  GuardedHelper(GuardedHelper&& other) noexcept;
  GuardedHelper& operator=(GuardedHelper&& other) noexcept;

  // What `answer` returns. What it throws is thrown here, as an Error of the same kind and message;
  // std::bad_alloc becomes Error(io) that begins with `name`, the file the question is about. A
  // child that crashes or has spent its time is Error(invalid, "`name`: `damage`"); one that the
  // system or a person ended (SIGKILL where memory is short), or that the system does not let us
  // ask, is Error(io). It has then ended for all further questions, which must not be asked. A stop
  // signal ends the child and throws Stopped. By one thread at a time.
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

// Within `answer`: adds to the processor time that is left for this question. To be called as the
// work proves to be large, so that damage that goes in circles still ends soon.
void grant_seconds(unsigned seconds);

}  // namespace pushforward
