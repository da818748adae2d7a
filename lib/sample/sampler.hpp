// Runs chains, lane by lane: a lane makes all its transitions before the next one is begun.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/lanes.hpp"
#include "graph/plan.hpp"
#include "sample/chain_target.hpp"
#include "sample/step_program.hpp"
#include "sample/transitions.hpp"

namespace pushforward {

// Which states of a chain are kept: those after `first`, `first` + `every`, ... steps, `count` in
// all. Step 0 is the start.
struct Records {
  std::uint64_t first = 0, every = 1, count = 0;
  [[nodiscard]] bool holds(std::uint64_t step) const {
    return step >= first && (step - first) % every == 0 && (step - first) / every < count;
  }
};

struct ChainOptions {
  std::uint64_t seed = 0;
  Records rows;                 // what becomes output
  Records trajectory;           // what is kept beside it; count 0: nothing
  bool trajectory_end = false;  // the last state too, as one more of the trajectory
  std::string method;           // for messages
  std::string advice;           // what may help a chain that diverged, "a step size below 0.1 ..."
  // Called from time to time, by one thread, with the fraction that is done.
  std::function<void(double)> progress;

  [[nodiscard]] std::size_t trajectory_count() const {
    return trajectory.count + (trajectory_end ? 1 : 0);
  }
};

// Rows of a lane for this many chains: as many as stay in a core's cache with the activations of
// the model's network, in lanes of equal size. With Products::bf16 it is the same for any number
// of chains, because oneDNN may add up a row in another order in a matrix of another height.
[[nodiscard]] std::size_t sampler_lane_rows(const ChainTarget& target, std::uint64_t chains,
                                            Products products = Products::exact);

// Called with the state after every step of a lane, `rows` chains from number `first_row` of the
// run; lanes run on several threads at once, each with chains of its own.
template <class T>
using Observer = std::function<void(std::uint64_t step, std::size_t first_row, std::size_t rows,
                                    const std::vector<std::vector<T>>& state)>;

// Known numbers of chains, in the coordinates of the chain, and a mask that is 1 where a number is
// known: count x D each. Before every step known numbers are set to their values plus fresh noise
// of the level that the chain has then (Song et al. 2021, appendix I.2).
template <class T>
struct KnownState {
  const T* values = nullptr;  // null: nothing is known
  const std::uint8_t* mask = nullptr;
};

// T is float or double. The bits of a chain are a function of its number, its start, the seed, the
// transitions and the products: not of its neighbours, of threads, or of which chains are run with
// it.
template <class T>
class Sampler {
 public:
  Sampler(const ChainTarget& target, Transitions transitions, std::size_t rows_a_lane,
          Workers* workers, AuxiliaryState auxiliary = {}, Products products = Products::exact);
  ~Sampler();

  // Runs the chains numbered [first, first + count) from start (count x D). `rows` takes
  // count x options.rows.count x D numbers, `trajectory` count x options.trajectory_count() x D.
  // Error(numerical), naming method, chain and step, when a chain is no longer finite, when it is
  // beyond 1e12 times the largest of 1, the start and the highest level, or when what it carries
  // beside x is not finite at the start. Stopped after a stop signal.
  void run(std::uint64_t first, std::size_t count, const T* start, const ChainOptions& options,
           T* rows, T* trajectory, const Observer<T>& observe = {}, KnownState<T> known = {});

  [[nodiscard]] const Transitions& transitions() const { return transitions_; }

 private:
  struct Lane;  // what one worker needs while it runs one
  struct Job;
  [[nodiscard]] StepProgram<T>* program_for(const ChainTarget& target, const Step& step);
  void apply(const Transition& transition, StepProgram<T>* program, std::uint32_t step,
             const Job& job, Lane* lane, int worker) const;
  void set_known(const Transition& transition, std::uint32_t step, const Job& job,
                 Lane* lane) const;
  void run_lane(const Job& job, std::size_t lane, int worker);

  std::size_t dimension_, lane_rows_;
  Products products_;
  std::vector<std::size_t> columns_;  // of the state's matrices
  Transitions transitions_;
  Transition begin_;
  Workers* workers_;
  std::vector<T> parameters_;
  std::vector<std::unique_ptr<StepProgram<T>>> programs_;
  std::vector<StepProgram<T>*> program_of_transition_;
  StepProgram<T>* begin_program_ = nullptr;
  std::vector<Lane> lanes_;
};

extern template class Sampler<float>;
extern template class Sampler<double>;

}  // namespace pushforward
