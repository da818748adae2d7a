#include "base/lanes.hpp"

#include <sched.h>

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <exception>
#include <limits>
#include <mutex>
#include <system_error>
#include <thread>
#include <vector>

namespace pushforward {
namespace {

inline void pause_briefly() {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#endif
}

// Long enough to bridge the gap between two training steps, too short to disturb other programs
// that want the core.
constexpr int spins_before_sleep = 20000;

}  // namespace

int available_threads() {
  cpu_set_t set;
  CPU_ZERO(&set);
  if (sched_getaffinity(0, sizeof set, &set) == 0) return std::max(1, CPU_COUNT(&set));
  return std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
}

struct Workers::Team {
  std::vector<std::thread> threads;
  std::mutex mutex;
  std::condition_variable wake;
  std::atomic<std::size_t> generation{0};  // incremented by each run, after its other writes
  std::atomic<bool> quit{false};
  std::atomic<std::size_t> next_lane{0};
  std::atomic<int> busy{0};  // helpers that have not finished the current run
  std::atomic<int> sleeping{0};
  std::size_t lanes = 0;
  const std::function<void(std::size_t, int)>* body = nullptr;
  std::mutex failure_mutex;
  std::size_t failed_lane = 0;
  std::exception_ptr failure;

  void take_lanes(int worker) {
    for (;;) {
      const std::size_t lane = next_lane.fetch_add(1, std::memory_order_relaxed);
      if (lane >= lanes) return;
      try {
        (*body)(lane, worker);
      } catch (...) {
        const std::lock_guard<std::mutex> lock(failure_mutex);
        if (lane < failed_lane) {
          failed_lane = lane;
          failure = std::current_exception();
        }
      }
    }
  }

  void help(int worker) {
    std::size_t seen = 0;
    for (;;) {
      for (int spin = 0; spin < spins_before_sleep && generation.load() == seen; ++spin)
        pause_briefly();
      if (generation.load() == seen) {
        std::unique_lock<std::mutex> lock(mutex);
        ++sleeping;
        wake.wait(lock, [&] { return generation.load() != seen; });
        --sleeping;
      }
      seen = generation.load();
      if (quit.load()) return;
      take_lanes(worker);
      busy.fetch_sub(1);
    }
  }

  void announce() {
    generation.fetch_add(1);
    if (sleeping.load() > 0) {
      // Taking the mutex orders this notification after a helper's check of `generation`.
      { const std::lock_guard<std::mutex> lock(mutex); }
      wake.notify_all();
    }
  }

  void dismiss() {
    quit = true;
    announce();
    for (std::thread& thread : threads) thread.join();
  }
};

Workers::Workers(int threads) : team_(std::make_unique<Team>()) {
  const auto helpers = static_cast<std::size_t>(std::max(threads, 1) - 1);
  team_->threads.reserve(helpers);
  try {
    for (std::size_t worker = 1; worker <= helpers; ++worker)
      team_->threads.emplace_back(
          [team = team_.get(), worker] { team->help(static_cast<int>(worker)); });
  } catch (const std::system_error&) {
    // The system's limit of threads or memory is reached: the threads that started do the work.
  } catch (...) {
    team_->dismiss();
    throw;
  }
}

Workers::~Workers() { team_->dismiss(); }

int Workers::count() const { return static_cast<int>(team_->threads.size()) + 1; }

void Workers::run(std::size_t lanes, const std::function<void(std::size_t, int)>& body) {
  Team& team = *team_;
  team.lanes = lanes;
  team.body = &body;
  team.next_lane = 0;
  team.failed_lane = std::numeric_limits<std::size_t>::max();
  team.failure = nullptr;
  const bool alone = team.threads.empty() || lanes < 2;
  if (!alone) {
    team.busy = static_cast<int>(team.threads.size());
    team.announce();
  }
  team.take_lanes(0);
  if (!alone)
    for (int spin = 0; team.busy.load() > 0; ++spin) {
      pause_briefly();
      if (spin > spins_before_sleep) std::this_thread::yield();
    }
  if (team.failure) std::rethrow_exception(team.failure);
}

}  // namespace pushforward
