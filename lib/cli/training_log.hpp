// The file of --log: one row for every logged row of a run, those before a resumed one included.
// It grows while the run goes, for tail -f.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "io/atomic_file.hpp"
#include "nn/training_state.hpp"

namespace pushforward {

class TrainingLog {
 public:
  // `earlier`: the rows of the run that is resumed. Their seconds are those in the log that stands
  // at `location`, where it has these rows, and empty otherwise.
  TrainingLog(const std::string& location, bool has_adversary, const std::vector<LogRow>& earlier);

  // `seconds` of this run; what earlier ones took is added. A row that cannot be written is an
  // error of commit(): a full disk does not end the run.
  void add(const LogRow& row, double seconds);
  void commit();

 private:
  AtomicFile file_;
  std::optional<Error> failure_;
  double seconds_before_ = 0;
};

}  // namespace pushforward
