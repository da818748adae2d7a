// Draws rows by a sampling plan and writes them, block by block.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "io/container.hpp"
#include "sample/chain_numbers.hpp"
#include "sample/kept_draws.hpp"
#include "sample/known_numbers.hpp"
#include "sample/sampling_plan.hpp"
#include "sample/starting_rows.hpp"

namespace pushforward {

// Error(invalid) where a file of starts or of known rows, if there is one, has fewer rows than the
// plan has chains.
void require_enough_rows(const SamplingPlan& plan, const StartingRows& start,
                         const KnownNumbers* known);

// How rows are written.
struct RowOutput {
  Shape row_shape;
  int label = -1;  // written beside the rows; -1: none
  std::uint64_t trajectory_every = 1;
};

// What is kept of chains for the report at the end.
struct KeptNumbers {
  std::size_t draws = 0;  // the most numbers (KeptDraws)
  bool energies = false;  // of methods that have one
};

struct SamplingRun {
  std::uint64_t seed = 0;
  std::uint64_t first = 0, end = 0;  // chains
  int threads = 1;
  Products products = Products::exact;  // of draw_rows<float>
  std::string model;                    // its file, for messages
  const KnownNumbers* known = nullptr;  // what rows are to hold, of the model's dimension
  RowOutput output;
  KeptNumbers kept;
  std::function<void(const std::string&)> warn;  // for chains that did not do what they should
  std::function<void(double)> progress;          // fraction done
};

// Writes /x, (end - first) * plan.rows.count rows, chain after chain, with their /label where run
// has one, and into `trajectory`, unless it is null, /x [chains, states, ...] with /trajectory/step
// [states] and /trajectory/sigma [states], the level at which the step that follows takes the
// score. T is float or double. Error(numerical) where a chain runs away, none accepts anything, or
// a row or a state of the trajectory is not finite in data units.
template <class T>
ChainNumbers draw_rows(const SamplingPlan& plan, const StartingRows& start, const SamplingRun& run,
                       ContainerWriter* output, ContainerWriter* trajectory);

extern template ChainNumbers draw_rows<float>(const SamplingPlan&, const StartingRows&,
                                              const SamplingRun&, ContainerWriter*,
                                              ContainerWriter*);
extern template ChainNumbers draw_rows<double>(const SamplingPlan&, const StartingRows&,
                                               const SamplingRun&, ContainerWriter*,
                                               ContainerWriter*);

}  // namespace pushforward
