#include "sample/wide_starts.hpp"

#include <algorithm>
#include <cmath>
#include <functional>

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

}  // namespace

std::vector<double> wide_starts(const Density& density, std::size_t chains, std::uint64_t seed) {
  const auto columns = static_cast<std::size_t>(density.dimension());
  const std::vector<double> origin = density.origin();
  const Random random(seed, Stream::init);
  Workers workers(1);
  RowEvaluator<double> evaluator(
      [&](Scope scope, Expr x) { return std::vector<Expr>{density.log_density(scope, x)}; },
      density.parameters(), density.dimension(), &workers,
      density.lane_rows(RowEvaluator<double>::max_lane));
  const LogDensity log_density = [&](std::vector<double> rows) {
    if (!origin.empty())
      for (std::size_t i = 0; i < rows.size(); ++i) rows[i] -= origin[i % columns];
    std::vector<double> logs = evaluator.run(rows.data(), rows.size() / columns)[0];
    for (double& log : logs)
      if (!std::isfinite(log)) log = -INFINITY;
    return logs;
  };
  const Survey found = survey(log_density, density.column_scales(), columns, random);

  std::vector<double> starts(chains * columns), best(chains, -INFINITY);
  // Draws a row for each of these chains, and keeps those that are not likely for the next attempt.
  const auto attempt = [&](const std::function<void(std::size_t chain, double* row)>& draw,
                           std::vector<std::size_t>* open) {
    if (open->empty()) return;
    std::vector<double> rows(open->size() * columns);
    for (std::size_t i = 0; i < open->size(); ++i) draw((*open)[i], rows.data() + i * columns);
    const std::vector<double> logs = log_density(rows);
    std::vector<std::size_t> unlikely;
    for (std::size_t i = 0; i < open->size(); ++i) {
      const std::size_t chain = (*open)[i];
      if (logs[i] >= best[chain]) {
        best[chain] = logs[i];
        std::copy_n(rows.begin() + static_cast<std::ptrdiff_t>(i * columns), columns,
                    starts.begin() + static_cast<std::ptrdiff_t>(chain * columns));
      }
      if (!(logs[i] >= found.least)) unlikely.push_back(chain);
    }
    *open = unlikely;
  };
  for (const std::size_t side : {std::size_t{0}, std::size_t{1}}) {
    std::vector<std::size_t> open;
    for (std::size_t chain = side; chain < chains; chain += 2) open.push_back(chain);
    if (side == 1)
      attempt(
          [&](std::size_t chain, double* row) {
            for (std::size_t j = 0; j < columns; ++j)
              row[j] = 2 * found.scales.mean[j] - starts[(chain - 1) * columns + j];
          },
          &open);
    for (std::uint32_t step = 0; step < attempts; ++step)
      attempt(
          [&](std::size_t chain, double* row) {
            random.fill_normal(row, 1, columns, chain, step);
            const double width = std::pow(found.narrowing, -static_cast<double>(step) / attempts);
            for (std::size_t j = 0; j < columns; ++j)
              row[j] = found.scales.mean[j] + width * found.scales.deviation[j] * row[j];
          },
          &open);
  }
  return starts;
}

}  // namespace pushforward
