#include "sample/wide_starts.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <memory>
#include <utility>
#include <vector>

#include "base/lanes.hpp"
#include "base/random.hpp"
#include "density/row_evaluator.hpp"

namespace pushforward {
namespace {

constexpr std::size_t probes = 64;
constexpr int doublings = 10;
constexpr std::uint32_t attempts = 100;

// Log densities of rows in data units; -inf where they are no numbers.
using LogDensity = std::function<std::vector<double>(std::vector<double> rows)>;

// Normal distribution that rows are drawn from, and what is likely.
struct Survey {
  ColumnScales scales;
  double least = -INFINITY;  // log density of likely rows
  // By what the width of a chain's last attempt is smaller: from twice the density's deviation to
  // it, and no narrower, as chains that shrink to the mean would all find the mode that lies there.
  double narrowing = 2;
};

Survey survey(const LogDensity& log_density, ColumnScales scales, std::size_t columns,
              const Random& random) {
  const bool known = !scales.mean.empty();
  if (!known) scales = {std::vector<double>(columns), std::vector<double>(columns, 1)};
  std::vector<double> noise(probes * columns);
  random.fill_normal(noise.data(), probes, columns, 0);
  std::vector<double> largest;  // of rows of each width
  for (int power = -doublings; power <= doublings; ++power) {
    std::vector<double> rows = noise;
    for (std::size_t i = 0; i < rows.size(); ++i)
      rows[i] =
          scales.mean[i % columns] + std::ldexp(scales.deviation[i % columns] * rows[i], power);
    const std::vector<double> logs = log_density(std::move(rows));
    largest.push_back(*std::max_element(logs.begin(), logs.end()));
  }
  Survey found{std::move(scales), *std::max_element(largest.begin(), largest.end())};
  found.least -= 8 + 0.5 * static_cast<double>(columns);
  int power = 1;
  if (!known) {
    found.narrowing = 4096;
    power = doublings;
    for (std::size_t i = largest.size(); i-- > 1 && !(largest[i] >= found.least);) --power;
  }
  for (double& deviation : found.scales.deviation) deviation = std::ldexp(deviation, power);
  return found;
}

class WideStarts {
 public:
  WideStarts(const Density& density, std::uint64_t seed, int threads)
      : columns_(static_cast<std::size_t>(density.dimension())),
        random_(seed, Stream::init),
        origin_(density.origin()),
        workers_(threads),
        evaluator_(
            [&](Scope scope, Expr x) { return std::vector<Expr>{density.log_density(scope, x)}; },
            density.parameters(), density.dimension(), &workers_,
            density.lane_rows(RowEvaluator<double>::max_lane)),
        found_(survey([this](std::vector<double> rows) { return log_density(std::move(rows)); },
                      density.column_scales(), columns_, random_)) {}

  std::vector<double> rows(std::uint64_t first, std::size_t count) {
    // From an even chain on: the odd one after it looks at its start.
    const std::uint64_t begin = first / 2 * 2;
    Block block(first - begin + count, columns_);
    for (const std::size_t side : {std::size_t{0}, std::size_t{1}}) {
      std::vector<std::size_t> open;
      for (std::size_t i = side; i < block.best.size(); i += 2) open.push_back(i);
      if (side == 1)
        attempt(&block, &open, [&](std::size_t i, double* row) {
          for (std::size_t j = 0; j < columns_; ++j)
            row[j] = 2 * found_.scales.mean[j] - block.rows[(i - 1) * columns_ + j];
        });
      for (std::uint32_t step = 0; step < attempts; ++step)
        attempt(&block, &open, [&](std::size_t i, double* row) {
          random_.fill_normal(row, 1, columns_, begin + i, step);
          const double width = std::pow(found_.narrowing, -static_cast<double>(step) / attempts);
          for (std::size_t j = 0; j < columns_; ++j)
            row[j] = found_.scales.mean[j] + width * found_.scales.deviation[j] * row[j];
        });
    }
    block.rows.erase(block.rows.begin(),
                     block.rows.begin() + static_cast<std::ptrdiff_t>((first - begin) * columns_));
    return block.rows;
  }

 private:
  // Starts of chains, and their log densities.
  struct Block {
    Block(std::size_t count, std::size_t columns) : rows(count * columns), best(count, -INFINITY) {}
    std::vector<double> rows, best;
  };

  // Draws a row for each of these chains, and keeps those that are not likely for the next attempt.
  template <class Draw>
  void attempt(Block* block, std::vector<std::size_t>* open, const Draw& draw) {
    if (open->empty()) return;
    std::vector<double> rows(open->size() * columns_);
    for (std::size_t i = 0; i < open->size(); ++i) draw((*open)[i], rows.data() + i * columns_);
    const std::vector<double> logs = log_density(rows);
    std::vector<std::size_t> unlikely;
    for (std::size_t i = 0; i < open->size(); ++i) {
      const std::size_t chain = (*open)[i];
      if (logs[i] >= block->best[chain]) {
        block->best[chain] = logs[i];
        std::copy_n(rows.begin() + static_cast<std::ptrdiff_t>(i * columns_), columns_,
                    block->rows.begin() + static_cast<std::ptrdiff_t>(chain * columns_));
      }
      if (!(logs[i] >= found_.least)) unlikely.push_back(chain);
    }
    *open = unlikely;
  }

  // Of rows in data units; -inf where it is no number.
  std::vector<double> log_density(std::vector<double> rows) {
    if (!origin_.empty())
      for (std::size_t i = 0; i < rows.size(); ++i) rows[i] -= origin_[i % columns_];
    std::vector<double> logs = evaluator_.run(rows.data(), rows.size() / columns_)[0];
    for (double& log : logs)
      if (!std::isfinite(log)) log = -INFINITY;
    return logs;
  }

  std::size_t columns_;
  Random random_;
  std::vector<double> origin_;
  Workers workers_;
  RowEvaluator<double> evaluator_;
  Survey found_;
};

}  // namespace

ChosenRows wide_starts(const Density& density, std::uint64_t seed, int threads) {
  const auto starts = std::make_shared<WideStarts>(density, seed, threads);
  return [starts](std::uint64_t first, std::size_t count) { return starts->rows(first, count); };
}

}  // namespace pushforward
