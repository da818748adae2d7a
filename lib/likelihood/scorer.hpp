// Log densities of the rows of a file, block by block, as every method computes them.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/lanes.hpp"
#include "io/rows.hpp"

namespace pushforward {

struct DensityRun {
  std::uint64_t seed = 0;
  int threads = 1;
  bool score = false;                      // the gradient too
  std::string model;                       // its file, for messages
  std::uint64_t first = 0, end = 0;        // the rows of the file that are scored
  std::function<void(double)> progress{};  // fraction of the file that is done
};

// A part of the log density, one number per row: its dataset, and what its mean is called.
struct DensityTerm {
  const char *path, *name;
};

// Of a block of rows, one number per row except for the score.
template <class T>
struct ScoredRows {
  std::vector<T> log_density, score;
  // Of methods that estimate: how far off a log density may be, and how often the score was
  // evaluated. Empty otherwise.
  std::vector<T> error;
  std::vector<std::uint32_t> evaluations;
  std::vector<std::vector<T>> terms;  // in the order of Scorer::terms()
};

template <class T>
class Scorer {
 public:
  virtual ~Scorer() = default;
  [[nodiscard]] virtual std::vector<DensityTerm> terms() const { return {}; }
  // What is subtracted from rows in double before they are scored; empty: 0.
  [[nodiscard]] virtual std::vector<double> origin() const { return {}; }
  // x: the rows [first, first + count) of the file, less origin().
  [[nodiscard]] virtual ScoredRows<T> score(std::size_t first, std::size_t count,
                                            std::vector<T> x) = 0;
};

// Makes the scorer of a method for the rows of a file; all that is given must outlive it.
template <class T>
using ScorerMaker = std::function<std::unique_ptr<Scorer<T>>(const RowReader& rows,
                                                             const DensityRun& run, Workers*)>;

// Makes scorers in float and in double, whose constructors take what their method has planned and
// what a ScorerMaker takes.
class ScorerMakers {
 public:
  ScorerMakers() = default;
  template <template <class> class Kind, class Settings>
  static ScorerMakers of(Settings settings) {
    const auto shared = std::make_shared<const Settings>(std::move(settings));
    ScorerMakers makers;
    makers.in_float_ = maker<Kind, float>(shared);
    makers.in_double_ = maker<Kind, double>(shared);
    return makers;
  }
  template <class T>
  [[nodiscard]] std::unique_ptr<Scorer<T>> make(const RowReader& rows, const DensityRun& run,
                                                Workers* workers) const {
    if constexpr (sizeof(T) == sizeof(float))
      return in_float_(rows, run, workers);
    else
      return in_double_(rows, run, workers);
  }

 private:
  template <template <class> class Kind, class T, class Settings>
  static ScorerMaker<T> maker(const std::shared_ptr<const Settings>& settings) {
    return [settings](const RowReader& rows, const DensityRun& run, Workers* workers) {
      return std::make_unique<Kind<T>>(*settings, rows, run, workers);
    };
  }

  ScorerMaker<float> in_float_;
  ScorerMaker<double> in_double_;
};

// Whether rows are whole numbers 0 to 255, each of which stands for the numbers that are rounded to
// it. A density of whole numbers has a rule of its own (flow/dequantization.hpp).
[[nodiscard]] inline bool rounded_to_whole_numbers(const RowReader& rows) {
  return rows.info().type == ElementType::uint8;
}

// From the fraction of the rows [first, first + count) that is done to that of all; empty where the
// run has no progress.
[[nodiscard]] std::function<void(double)> block_progress(const DensityRun& run,
                                                         const RowReader& rows, std::size_t first,
                                                         std::size_t count);

}  // namespace pushforward
