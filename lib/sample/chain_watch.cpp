#include "sample/chain_watch.hpp"

#include "base/error.hpp"
#include "base/short_number.hpp"

namespace pushforward {
namespace {

// Less acceptance than this is worth a warning: of all chains, and of one chain.
constexpr double min_acceptance = 0.1, min_of_a_chain = 0.01;
// In fewer steps a chain may refuse them all by chance.
constexpr std::size_t min_steps = 20;

}  // namespace

ChainWatch::ChainWatch(const SamplingPlan& plan, bool energies)
    : plan_(plan),
      keeps_energies_(energies && plan.markov.energy),
      steps_(static_cast<std::size_t>(total_steps(plan.transitions) - plan.markov.burn_in)) {}

template <class T>
Observer<T> ChainWatch::begin(std::size_t chains) {
  if (!plan_.markov.acceptance) return {};
  block_.assign(chains, 0);
  block_energies_.assign(keeps_energies_ ? chains * steps_ : 0, 0);
  return [this](std::uint64_t step, std::size_t first, std::size_t rows, const auto& state) {
    if (step <= plan_.markov.burn_in) return;
    for (std::size_t r = 0; r < rows; ++r)
      block_[first + r] += static_cast<double>(state[*plan_.markov.acceptance][r]);
    if (!keeps_energies_) return;
    const std::size_t index = static_cast<std::size_t>(step - plan_.markov.burn_in - 1);
    for (std::size_t r = 0; r < rows; ++r)
      block_energies_[(first + r) * steps_ + index] =
          static_cast<double>(state[*plan_.markov.energy][r]);
  };
}

void ChainWatch::end() {
  for (const double accepted : block_) {
    const double mean = accepted / static_cast<double>(steps_);
    sum_ += mean;
    if (mean < min_of_a_chain) ++still_;
  }
  chains_ += block_.size();
  energies_.insert(energies_.end(), block_energies_.begin(), block_energies_.end());
  block_.clear();
  block_energies_.clear();
}

std::optional<double> ChainWatch::acceptance() const {
  if (chains_ == 0) return std::nullopt;
  return sum_ / static_cast<double>(chains_);
}

void ChainWatch::check(const std::string& advice,
                       const std::function<void(const std::string&)>& warn) const {
  if (chains_ == 0) return;
  const double accepted = *acceptance();
  if (accepted == 0)
    fail_numerical(plan_.method + ": no chain accepted a proposal after burn-in; " + advice);
  if (!warn) return;
  if (accepted < min_acceptance)
    warn(plan_.method + ": only " + short_number(100 * accepted) +
         "% of proposals were accepted; " + advice);
  else if (still_ > 0 && steps_ >= min_steps)
    warn(plan_.method + ": " + std::to_string(still_) + " of " + std::to_string(chains_) +
         " chains accepted less than 1% of their proposals and hardly moved; " + advice);
}

template Observer<float> ChainWatch::begin(std::size_t);
template Observer<double> ChainWatch::begin(std::size_t);

}  // namespace pushforward
