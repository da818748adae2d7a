// Solves the reverse SDE with steps that every row chooses for itself.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "base/lanes.hpp"
#include "sample/chain_target.hpp"
#include "sample/row_feed.hpp"
#include "score/process.hpp"

namespace pushforward {

struct SdeSettings {
  // The paper has 0.0078 and 0.0039, an intensity step of 8-bit images, for images in [-1, 1] and
  // [0, 1], and relative tolerances from 0.01, the most exact, to 0.5.
  double atol = 0.0078, rtol = 0.01;
  // Deviations of the data's columns, D numbers, or empty for 1: atol is a share of them.
  std::vector<double> scale;
};

struct SdeRun {
  std::uint64_t first = 0;  // number of the first row, for messages and for its noise
  std::uint64_t seed = 0;
  double from = 0, to = 0;                 // times of the process, from > to
  bool denoise = false;                    // one more evaluation: x + sigma^2 s at the end
  std::uint64_t max_attempts = 10000;      // of one step of one row
  std::string method = "adaptive";         // for messages
  std::function<void(double)> progress{};  // fraction done; called by one thread
};

template <class T>
struct SdeRows {
  std::vector<T> x;                        // count x D
  std::vector<std::uint32_t> evaluations;  // of the score
};

// Jolicoeur-Martineau, Li, Piche-Taillefer, Kachman, Mitliagkas (2021), algorithm 1, in x_t / a(t):
// over a step from t to t - h, with v = sigma(t)^2 - sigma(t - h)^2 and w a Brownian increment of
// that variance,
//   x'  = x + v s(x, t) + w,   x'' = x + v s(x', t - h) + w,   result (x' + x'') / 2,
// taken where the root mean square of (x'' - x') / 2 delta is at most 1, with
// delta = max(atol scale / a(t), rtol |x'|, rtol |x' before|); then h becomes 0.9 h error^-0.9.
// The paper's drift and noise are those at t, or at t - h, times h: v is their integral, exactly.
// Unlike in the paper, a refused step keeps its Brownian path (sample/brownian_path.hpp).
// The bits of a row are a function of the row, its number and the seed.
template <class T>
class AdaptiveSde {
 public:
  // The model and the process must outlive the solver.
  AdaptiveSde(const ChainTarget& target, const Process& process, SdeSettings settings,
              Workers* workers);
  ~AdaptiveSde();

  // Error(numerical) naming the first row that needs more than run.max_attempts or meets numbers
  // that are not finite; Stopped after a stop signal.
  [[nodiscard]] SdeRows<T> solve(const SdeRun& run, const T* x, std::size_t count);

 private:
  struct Row;   // where one row is on its way
  struct Lane;  // the rows a worker has under way
  struct Job;   // a run, as one worker sees it
  void enter(const Job& job, std::size_t begin, std::size_t first, std::size_t count);
  // The time a row's step ends at, its variance, and the inputs of its plan.
  void plan_step(const Job& job, std::size_t slot);
  [[nodiscard]] bool end_attempt(const Job& job, std::size_t slot);
  void denoise(double sigma, std::vector<T>* x);

  std::size_t dimension_, max_slots_;
  const Process* process_;
  SdeSettings settings_;
  Workers* workers_;
  std::vector<T> parameters_;
  PlanWidths<T> steps_, denoisers_;
  std::vector<Lane> lanes_;
};

extern template class AdaptiveSde<float>;
extern template class AdaptiveSde<double>;

}  // namespace pushforward
