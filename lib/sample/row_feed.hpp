// Hands rows out to workers whose rows take different numbers of steps.
#pragma once

#include <atomic>
#include <cstddef>
#include <functional>
#include <memory>
#include <mutex>
#include <string>

#include "graph/plan.hpp"
#include "nn/parameters.hpp"

namespace pushforward {

// Rows [0, count), each given out once, in order. Since a row's result depends on that row alone,
// who takes it decides nothing but the time it takes.
class RowFeed {
 public:
  // `progress` is called with the fraction of rows finished, from worker 0; it may be empty.
  RowFeed(std::size_t count, std::function<void(double)> progress)
      : count_(count), progress_(std::move(progress)) {}

  // Takes up to `most` rows, from *first on; 0 when none are left or one has failed.
  [[nodiscard]] std::size_t take(std::size_t most, std::size_t* first);
  void finish(std::size_t rows, int worker);

  // A row whose numbers failed. The rows before it go on, so that the one reported is always the
  // first of those that fail.
  void fail(std::size_t row, const std::string& message);
  [[nodiscard]] bool abandoned(std::size_t row) const { return row >= failed_.load(); }
  // Error(numerical) if a row failed.
  void check() const;

 private:
  std::size_t count_;
  std::function<void(double)> progress_;
  std::atomic<std::size_t> next_{0}, finished_{0}, failed_{static_cast<std::size_t>(-1)};
  std::mutex mutex_;
  std::string message_;
};

// How a solver treats the rows in its slots, of which the first `active` are taken.
struct SlotBody {
  std::function<void(std::size_t begin, std::size_t first, std::size_t count)>
      enter;                                                   // rows, slots
  std::function<void(std::size_t active)> attempt;             // a step of every row
  std::function<bool(std::size_t slot)> end_attempt;           // does the row go on?
  std::function<void(std::size_t from, std::size_t to)> move;  // a row to another slot
};

// Takes rows from the feed until all are done, at most `slots` of them, a multiple of 16, under way
// at once: a row that is done leaves its slot to another. Stopped after a stop signal.
void run_slots(RowFeed* feed, std::size_t slots, int worker, const SlotBody& body);

// Slots for each of `workers` workers on this many rows, at least 16 and at most `most`.
[[nodiscard]] std::size_t slots_for(std::size_t rows, std::size_t most, int workers);

// What a plan computes for a number of rows.
struct BuiltPlan {
  std::vector<Expr> inputs, outputs;
};

// One function of rows as plans of several widths, the narrower ones for when few rows are left.
// Each is compiled when it is first asked for.
template <class T>
class PlanWidths {
 public:
  static constexpr std::size_t widest = 256;

  // `parameters` are the values of `table` and must outlive the plans, as `table` must.
  PlanWidths(std::function<BuiltPlan(Scope scope, int rows)> build, const ParameterTable& table,
             const std::vector<T>& parameters, int workers);

  // The widest plan of at most `lane` rows, and no less than 16.
  [[nodiscard]] static std::size_t within(std::size_t lane);
  // The width of the plan that serves this many rows, 1 to `widest`.
  [[nodiscard]] static std::size_t width(std::size_t rows);
  // Runs it; the inputs and outputs must have room for width(rows) rows.
  void run(std::size_t rows, int worker, const std::vector<const T*>& inputs,
           const std::vector<T*>& outputs);

 private:
  static constexpr std::size_t widths_[] = {16, 64, widest};
  [[nodiscard]] Evaluator<T>& evaluator(std::size_t rows);

  std::function<BuiltPlan(Scope scope, int rows)> build_;
  const ParameterTable& table_;
  const std::vector<T>& parameters_;
  int workers_;
  std::mutex mutex_;
  std::unique_ptr<Evaluator<T>> evaluators_[3];
};

extern template class PlanWidths<float>;
extern template class PlanWidths<double>;

}  // namespace pushforward
