#include "score/level_warnings.hpp"

#include <algorithm>
#include <cmath>

#include "base/short_number.hpp"

namespace pushforward {
namespace {

// edm's levels of 0.002 to 80 and p_mean of -1.2 are meant for data of deviation 0.5.
constexpr double low_share = 0.9, mean_level_share = 0.6;
// The many Langevin steps at the top of a ladder widen rows that start too narrow.
constexpr double ladder_share = 0.4;

std::string column_text(std::size_t column, double deviation) {
  return "the deviation of column " + std::to_string(column) + ", " + short_number(deviation);
}

// The advice how to give a process higher levels.
std::string higher(const Process& process, double deviation) {
  if (process.has("sigma_max"))
    return "give --sigma-max, about the largest distance between two rows (" +
           short_number(4 * deviation) + " or more), or scale the rows to deviation 1";
  return "give a higher --beta-max";
}

}  // namespace

std::vector<std::string> level_warnings(const Process& process,
                                        const std::vector<double>& deviation) {
  std::vector<std::string> lines;
  const ProcessSettings& s = process.settings();
  const auto widest = static_cast<std::size_t>(
      std::max_element(deviation.begin(), deviation.end()) - deviation.begin());
  const double wide = deviation[widest];
  const bool one_level = !process.has_levels();
  const double high = one_level ? 0 : process.sigma(process.last_time());
  const double share = process.ladder().empty() ? low_share : ladder_share;
  if (!one_level && high < share * wide)
    lines.push_back("the highest noise level, " + short_number(high) + ", is below " +
                    column_text(widest, wide) + ": rows that are drawn come out too narrow; " +
                    higher(process, wide));
  const double reached = std::exp(s.p_mean + 2 * s.p_std);
  if (process.has("p_mean") && reached < low_share * wide)
    lines.push_back("training hardly draws noise levels above " + short_number(reached) + ", and " +
                    column_text(widest, wide) + ", is more; give --p-mean " +
                    short_number(std::log(mean_level_share * wide), 2) +
                    ", or scale the rows to deviation 1");
  if (process.standardizes()) return lines;  // its lowest levels are far below 1
  const double low = one_level ? s.sigma : process.sigma(process.min_time());
  std::size_t narrow = deviation.size(), count = 0;
  for (std::size_t j = 0; j < deviation.size(); ++j) {
    if (!(deviation[j] > 0) || deviation[j] >= low) continue;
    if (count++ == 0) narrow = j;
  }
  if (count > 0)
    lines.push_back("the lowest noise level, " + short_number(low) + ", is above " +
                    column_text(narrow, deviation[narrow]) +
                    (count > 1 ? " (and of " + std::to_string(count - 1) + " more columns)" : "") +
                    ": noise hides how it is distributed; give a lower " +
                    (one_level ? "--sigma" : "--sigma-min") + ", or scale the rows to deviation 1");
  return lines;
}

}  // namespace pushforward
