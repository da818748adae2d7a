#include "io/csv_faults.hpp"

#include "base/error.hpp"

namespace pushforward {

void CsvFaults::fail(const std::string& file) const {
  std::string lines;
  std::size_t unshown = 0;
  for (const Group& group : groups_) {
    if (group.text.empty()) {
      unshown += 1 + group.more;
      continue;
    }
    if (!lines.empty()) lines += line_break;
    lines += group.text;
    if (group.more > 0)
      lines += "; " + std::to_string(group.more) +
               (group.fault != CsvFault::length ? " more in this column"
                : group.more == 1               ? " more such line"
                                                : " more such lines");
  }
  if (unshown > 0)
    lines += line_break + file + ": " + std::to_string(unshown) + " more faults in other columns";
  fail_invalid(lines);
}

}  // namespace pushforward
