#include "likelihood/scorer.hpp"

namespace pushforward {

std::function<void(double)> block_progress(const DensityRun& run, const RowReader& rows,
                                           std::size_t first, std::size_t count) {
  if (!run.progress) return {};
  return [&run, first, count, all = rows.rows()](double fraction) {
    run.progress((static_cast<double>(first) + fraction * static_cast<double>(count)) /
                 static_cast<double>(all));
  };
}

}  // namespace pushforward
