// Solves the probability-flow ODE, every row with steps of its own.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/lanes.hpp"
#include "sample/ode_step.hpp"
#include "sample/row_feed.hpp"

namespace pushforward {

struct OdeRun {
  // Numbers of the rows, for messages and for their directions: `numbers`, or first, first + 1 ...
  std::uint64_t first = 0;
  std::vector<std::uint64_t> numbers{};
  std::uint64_t seed = 0;   // of the directions
  double from = 0, to = 0;  // noise levels, above 0; either may be the larger
  // The result is the mean of the clean row, x + sigma^2 s, at the level `to` (Tweedie).
  bool denoise = false;
  std::uint64_t max_attempts = 10000;      // of one step of one row
  std::string method = "ode";              // for messages
  std::function<void(double)> progress{};  // fraction done; called by one thread

  [[nodiscard]] std::uint64_t number(std::size_t row) const {
    return numbers.empty() ? first + row : numbers[row];
  }
};

template <class T>
struct OdeRows {
  std::vector<T> x;                        // count x D
  std::vector<std::uint32_t> evaluations;  // of the score
  // With a trace: log p at `from` less log p at `to`, along the row's path; the numerical error of
  // that, estimated: what the steps' local errors add up to; and the standard error of what the
  // probes estimate, from their spread: 0 for an exact trace, not-a-number for one probe.
  std::vector<double> log_change, log_error, probe_error;
};

// x [n, D] in the coordinates x_t / a(t), T float or double. Adaptive steps of Dormand and Prince
// with the controller of Hairer, Norsett and Wanner (1993, section II.4), in lambda = ln sigma. The
// bits of a row are a function of the row, its number and the seed: not of the rows it is solved
// with, or of threads.
template <class T>
class OdeSolver {
 public:
  // The model must outlive the solver.
  OdeSolver(const ChainTarget& target, OdeSettings settings, Workers* workers);
  ~OdeSolver();

  // Error(numerical) naming the first row that needs more than run.max_attempts or meets numbers
  // that are not finite; Stopped after a stop signal.
  [[nodiscard]] OdeRows<T> solve(const OdeRun& run, const T* x, std::size_t count);

 private:
  struct Row;   // where one row is on its way
  struct Lane;  // the rows a worker has under way
  struct Job;   // a run, as one worker sees it
  void enter(const Job& job, std::size_t begin, std::size_t first, std::size_t count);
  // A step ends at the level asked for rather than leave a hundredth of itself.
  static void limit(const Job& job, Row* row);
  void attempt(const Job& job, std::size_t active);
  // Takes or refuses the step that was attempted; false: the row is done.
  [[nodiscard]] bool end_attempt(const Job& job, std::size_t slot);
  void accept(const Job& job, std::size_t slot, double error);
  void leave(const Job& job, std::size_t slot);

  std::size_t dimension_, max_slots_, traces_, probes_;
  OdeSettings settings_;
  Workers* workers_;
  std::vector<T> parameters_;
  PlanWidths<T> starts_, steps_;
  std::vector<Lane> lanes_;
};

extern template class OdeSolver<float>;
extern template class OdeSolver<double>;

}  // namespace pushforward
