#include "sample/row_feed.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "base/stop.hpp"

namespace pushforward {
namespace {

// Rows enter when this many slots are empty, because letting them in costs a run of a plan.
constexpr std::size_t entering = 16;

}  // namespace

std::size_t RowFeed::take(std::size_t most, std::size_t* first) {
  if (failed_.load() != static_cast<std::size_t>(-1)) return 0;
  *first = next_.fetch_add(most);
  return *first < count_ ? std::min(most, count_ - *first) : 0;
}

void RowFeed::finish(std::size_t rows, int worker) {
  const std::size_t done = finished_.fetch_add(rows) + rows;
  if (worker == 0 && progress_) progress_(static_cast<double>(done) / static_cast<double>(count_));
}

void RowFeed::fail(std::size_t row, const std::string& message) {
  const std::lock_guard<std::mutex> lock(mutex_);
  if (row >= failed_.load()) return;
  failed_ = row;
  message_ = message;
}

void RowFeed::check() const {
  if (failed_.load() != static_cast<std::size_t>(-1)) fail_numerical(message_);
}

void run_slots(RowFeed* feed, std::size_t slots, int worker, const SlotBody& body) {
  std::size_t active = 0;
  for (;;) {
    throw_if_stopped();
    std::size_t first = 0;
    if (active + entering <= slots)
      if (const std::size_t taken = feed->take(slots - active, &first); taken > 0) {
        body.enter(active, first, taken);
        active += taken;
      }
    if (active == 0) return;
    body.attempt(active);
    std::size_t done = 0;
    for (std::size_t slot = active; slot-- > 0;) {
      if (body.end_attempt(slot)) continue;
      ++done;
      if (--active != slot) body.move(active, slot);
    }
    if (done > 0) feed->finish(done, worker);
  }
}

std::size_t slots_for(std::size_t rows, std::size_t most, int workers) {
  const std::size_t team = static_cast<std::size_t>(workers);
  const std::size_t share = (rows + team - 1) / team;
  return std::min(most, (share + entering - 1) / entering * entering);
}

template <class T>
PlanWidths<T>::PlanWidths(std::function<BuiltPlan(Scope scope, int rows)> build,
                          const ParameterTable& table, const std::vector<T>& parameters,
                          int workers)
    : build_(std::move(build)), table_(table), parameters_(parameters), workers_(workers) {}

template <class T>
std::size_t PlanWidths<T>::within(std::size_t lane) {
  return *std::find_if(std::rbegin(widths_), std::rend(widths_) - 1,
                       [lane](std::size_t width) { return width <= lane; });
}

template <class T>
std::size_t PlanWidths<T>::width(std::size_t rows) {
  return *std::find_if(std::begin(widths_), std::end(widths_) - 1,
                       [rows](std::size_t width) { return width >= rows; });
}

template <class T>
Evaluator<T>& PlanWidths<T>::evaluator(std::size_t rows) {
  const std::size_t size = width(rows);
  auto& slot = evaluators_[std::find(std::begin(widths_), std::end(widths_), size) - widths_];
  const std::lock_guard<std::mutex> lock(mutex_);
  if (slot == nullptr) {
    Graph graph;
    Binding binding(&graph, &table_);
    const BuiltPlan built = build_(Scope(&binding), static_cast<int>(size));
    slot = std::make_unique<Evaluator<T>>(built.inputs, binding.expressions(), built.outputs,
                                          workers_);
    if (!parameters_.empty()) slot->bind_parameters(parameters_.data());
  }
  return *slot;
}

template <class T>
void PlanWidths<T>::run(std::size_t rows, int worker, const std::vector<const T*>& inputs,
                        const std::vector<T*>& outputs) {
  evaluator(rows).run(worker, inputs, outputs);
}

template class PlanWidths<float>;
template class PlanWidths<double>;

}  // namespace pushforward
