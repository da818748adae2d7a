#include "io/temporary_names.hpp"

#include <unistd.h>

#include <array>
#include <atomic>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <mutex>

#include "base/stop.hpp"

namespace pushforward {
namespace {

// Fixed slots of atomics, because signal handlers may use little else.
std::array<std::atomic<char*>, 64> names;
std::mutex names_mutex;

void remove_files() {
  for (std::atomic<char*>& slot : names) {
    const char* name = slot.load();
    if (name != nullptr) unlink(name);
  }
}

extern "C" void remove_files_and_die(int signal) {
  remove_files();
  std::signal(signal, SIG_DFL);
  raise(signal);
}

void catch_deadly_signals() {
  before_sudden_end(remove_files);
  for (const int signal : stop_signals) {
    struct sigaction old {};
    if (sigaction(signal, nullptr, &old) != 0 || old.sa_handler != SIG_DFL) continue;
    struct sigaction action {};
    action.sa_handler = remove_files_and_die;
    sigemptyset(&action.sa_mask);
    sigaction(signal, &action, nullptr);
  }
}

}  // namespace

void remember_temporary_name(const std::string& path) {
  const std::lock_guard<std::mutex> lock(names_mutex);
  catch_deadly_signals();
  for (std::atomic<char*>& slot : names) {
    if (slot.load() != nullptr) continue;
    slot.store(strdup(path.c_str()));
    return;
  }
}

void forget_temporary_name(const std::string& path) {
  const std::lock_guard<std::mutex> lock(names_mutex);
  for (std::atomic<char*>& slot : names) {
    char* name = slot.load();
    if (name == nullptr || path != name) continue;
    slot.store(nullptr);
    std::free(name);
    return;
  }
}

}  // namespace pushforward
