#include "cli/label_warning.hpp"

#include "cli/program.hpp"
#include "io/context.hpp"

namespace pushforward {

void warn_of_untrained_labels(const RowReader& rows, const std::string& path,
                              const std::vector<std::int64_t>& class_rows) {
  const UntrainedLabels untrained = untrained_labels(rows, path, class_rows);
  if (untrained.rows == 0) return;
  warn(rows.container().name() + ": " + path + " of " + std::to_string(untrained.rows) +
       (untrained.rows == 1 ? " row is " : " rows, the first ") + std::to_string(untrained.first) +
       ", of a class that the model was trained without");
}

}  // namespace pushforward
