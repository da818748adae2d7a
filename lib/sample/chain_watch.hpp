// What chains of a sampler accept, counted while they run, and what is said of it.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "sample/method.hpp"
#include "sample/sampler.hpp"

namespace pushforward {

// Over the blocks of chains of one run. Nothing is counted where the plan has no acceptance.
class ChainWatch {
 public:
  // With `energies` every energy after burn-in is kept too, where the plan has any.
  ChainWatch(const SamplingPlan& plan, bool energies);

  // Makes room for a block of chains; the observer of its Sampler::run. It writes to places of each
  // chain's own, so threads need no lock.
  template <class T>
  [[nodiscard]] Observer<T> begin(std::size_t chains);
  // Adds the block that has run to what follows.
  void end();

  // The mean probability of acceptance after burn-in over all chains.
  [[nodiscard]] std::optional<double> acceptance() const;
  [[nodiscard]] std::vector<double>& energies() { return energies_; }

  // Error(numerical) where nothing was accepted at all; a warning where it is less than a tenth, or
  // where some chains hardly moved. `advice` says what may help.
  void check(const std::string& advice, const std::function<void(const std::string&)>& warn) const;

 private:
  const SamplingPlan& plan_;
  bool keeps_energies_;
  std::size_t steps_;  // after burn-in
  std::vector<double> block_, block_energies_, energies_;
  std::size_t chains_ = 0, still_ = 0;  // still: chains that accepted less than 1%
  double sum_ = 0;                      // of the chains' means
};

}  // namespace pushforward
