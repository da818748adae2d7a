// Draws rows by a sampling plan and writes them, block by block.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "io/container.hpp"
#include "io/rows.hpp"
#include "sample/kept_draws.hpp"
#include "sample/known_numbers.hpp"
#include "sample/method.hpp"

namespace pushforward {

// Where chains start: rows of a file, or normal noise of a given deviation, row i being a function
// of (seed, i).
class StartingRows {
 public:
  // "normal:SIGMA" or a file. Error(usage) for a deviation that is not above 0, Error(invalid) for
  // rows that do not have `dimension` numbers.
  StartingRows(const std::string& text, std::size_t dimension, std::uint64_t seed);
  [[nodiscard]] static bool names_file(const std::string& text);

  [[nodiscard]] bool is_noise() const { return file_ == nullptr; }
  [[nodiscard]] double deviation() const { return deviation_; }  // of noise
  [[nodiscard]] std::optional<std::uint64_t> count() const;      // of the file's rows
  [[nodiscard]] std::string name() const;                        // of the file
  // The file; null where the rows are drawn.
  [[nodiscard]] const ContainerReader* container() const {
    return file_ == nullptr ? nullptr : &file_->container();
  }
  [[nodiscard]] std::vector<std::string> history() const;
  // The first rows, 64 or all of a file's, whatever is drawn: where step sizes are judged.
  [[nodiscard]] std::vector<double> probes() const;
  // Rows [first, first + count): centre + scale times each, in the coordinates of the plan.
  template <class T>
  [[nodiscard]] std::vector<T> rows(std::uint64_t first, std::size_t count,
                                    const SamplingPlan& plan) const;

 private:
  std::size_t dimension_;
  std::uint64_t seed_;
  double deviation_ = 1;
  template <class T>
  [[nodiscard]] std::vector<T> raw_rows(std::uint64_t first, std::size_t count) const;
  template <class T>
  [[nodiscard]] std::vector<T> chain_rows(std::vector<T> rows, const SamplingPlan& plan) const;

  std::unique_ptr<RowReader> file_;
};

// Error(invalid) where a file of starts or of known rows, if there is one, has fewer rows than the
// plan has chains.
void require_enough_rows(const SamplingPlan& plan, const StartingRows& start,
                         const KnownNumbers* known);

// A warning for the first column where chains that start at noise about 0 start more than 100
// widths, of the data and the noise, from the data; empty for none.
[[nodiscard]] std::string far_start_warning(const SamplingPlan& plan, const StartingRows& start,
                                            const ColumnScales& data);

// Where chains [first, first + count) of a plan start, in its coordinates: what the plan draws,
// else rows of `start`.
template <class T>
[[nodiscard]] std::vector<T> starting_states(const SamplingPlan& plan, const StartingRows& start,
                                             std::uint64_t seed, std::uint64_t first,
                                             std::size_t count);

// Rows of output from the coordinates of a plan to those of the data.
template <class T>
void rows_to_data(const SamplingPlan& plan, std::vector<T>* rows);

struct SamplingRun {
  std::uint64_t seed = 0;
  std::uint64_t first = 0, end = 0;  // chains
  int label = -1;  // what a conditional flow is given, written beside the rows; -1: nothing
  int threads = 1;
  Products products = Products::exact;  // of draw_rows<float>
  Shape row_shape;
  std::string model;                    // its file, for messages
  const KnownNumbers* known = nullptr;  // what rows are to hold, of the model's dimension
  std::uint64_t trajectory_every = 1;
  std::size_t most_kept = 0;                     // numbers kept for diagnostics (KeptDraws)
  bool keep_energies = false;                    // hmc
  std::function<void(const std::string&)> warn;  // for chains that did not do what they should
  std::function<void(double)> progress;          // fraction done
};

// What a run says about its chains.
struct ChainRecord {
  double evaluations = 0;            // of the score, a row of output
  std::optional<double> acceptance;  // mean probability after burn-in: mala, hmc
  std::optional<KeptDraws> draws;    // where some are kept
  std::vector<double> energies;      // [chains x steps after burn-in]: hmc, where they are kept
};

// Writes /x, (end - first) * plan.rows.count rows, chain after chain, with their /label where run
// has one, and into `trajectory`, unless it is null, /x [chains, states, ...] with /trajectory/step
// [states] and /trajectory/sigma [states], the level at which the step that follows takes the
// score. T is float or double. Error(numerical) where a chain runs away, none accepts anything, or
// a row or a state of the trajectory is not finite in data units.
template <class T>
ChainRecord draw_rows(const SamplingPlan& plan, const StartingRows& start, const SamplingRun& run,
                      ContainerWriter* output, ContainerWriter* trajectory);

extern template std::vector<float> starting_states<float>(const SamplingPlan&, const StartingRows&,
                                                          std::uint64_t, std::uint64_t,
                                                          std::size_t);
extern template void rows_to_data<float>(const SamplingPlan&, std::vector<float>*);

extern template ChainRecord draw_rows<float>(const SamplingPlan&, const StartingRows&,
                                             const SamplingRun&, ContainerWriter*,
                                             ContainerWriter*);
extern template ChainRecord draw_rows<double>(const SamplingPlan&, const StartingRows&,
                                              const SamplingRun&, ContainerWriter*,
                                              ContainerWriter*);

}  // namespace pushforward
