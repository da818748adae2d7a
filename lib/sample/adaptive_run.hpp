// Rows by the methods whose steps each row chooses, ode and adaptive: drawn, and by ode taken back.
#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "base/lanes.hpp"
#include "sample/adaptive_sde.hpp"
#include "sample/method.hpp"
#include "sample/ode_solver.hpp"

namespace pushforward {

template <class T>
class AdaptiveRows {
 public:
  // Of a plan with `adaptive`; plan and workers must outlive this.
  AdaptiveRows(const SamplingPlan& plan, std::uint64_t seed, Workers* workers);

  // Takes the rows numbered [first, first + count), x [count x D], from the prior to the data, in
  // place. Returns the evaluations of the score, summed. Error(numerical) naming a row that does
  // not get there; Stopped after a stop signal.
  double run(std::uint64_t first, std::size_t count, const std::function<void(double)>& progress,
             std::vector<T>* x);
  // The other way, from the data at the lowest level to the prior; of ode.
  void run_back(std::uint64_t first, std::size_t count, const std::function<void(double)>& progress,
                std::vector<T>* x);

 private:
  const SamplingPlan& plan_;
  std::uint64_t seed_;
  std::unique_ptr<OdeSolver<T>> ode_;
  std::unique_ptr<AdaptiveSde<T>> sde_;
};

extern template class AdaptiveRows<float>;
extern template class AdaptiveRows<double>;

}  // namespace pushforward
