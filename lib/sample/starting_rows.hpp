// Where chains start.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "density/density.hpp"
#include "io/rows.hpp"
#include "sample/sampling_plan.hpp"

namespace pushforward {

// Rows [first, first + count), in data units: [count, dimension].
using ChosenRows = std::function<std::vector<double>(std::uint64_t first, std::size_t count)>;

// Where chains start: rows of a file, rows that were chosen, or normal noise of a given deviation,
// row i being a function of (seed, i).
class StartingRows {
 public:
  // "normal:SIGMA" or a file. Error(usage) for a deviation below 0, Error(invalid) for rows that do
  // not have `dimension` numbers.
  StartingRows(const std::string& text, std::size_t dimension, std::uint64_t seed);
  [[nodiscard]] static bool names_file(const std::string& text);
  // Starts at these rows, in data units, one for each chain. probes() stay as they are.
  void choose(ChosenRows rows) { chosen_ = std::move(rows); }

  [[nodiscard]] bool is_noise() const { return file_ == nullptr; }
  [[nodiscard]] double deviation() const { return deviation_; }  // of noise
  [[nodiscard]] std::optional<std::uint64_t> count() const;      // of the file's rows
  [[nodiscard]] std::string name() const;                        // of the file
  // The file; null where the rows are drawn.
  [[nodiscard]] const ContainerReader* container() const {
    return file_ == nullptr ? nullptr : &file_->container();
  }
  // The first 64 rows, or all of a file that has fewer: where default step sizes are chosen.
  [[nodiscard]] std::vector<double> probes() const;
  // Rows [first, first + count) in the coordinates of the plan, as its StartPlan says.
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
  ChosenRows chosen_;  // empty: none
};

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

extern template std::vector<float> starting_states(const SamplingPlan&, const StartingRows&,
                                                   std::uint64_t, std::uint64_t, std::size_t);
extern template std::vector<double> starting_states(const SamplingPlan&, const StartingRows&,
                                                    std::uint64_t, std::uint64_t, std::size_t);

}  // namespace pushforward
