// Files of statistics of a set.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "eval/feature_description.hpp"
#include "eval/statistics.hpp"
#include "io/container.hpp"
#include "io/input_file.hpp"

namespace pushforward {

struct StoredStatistics {
  std::string name;  // of the file, for messages
  FeatureDescription features;
  std::optional<std::size_t> count;  // rows; not known from NPZ files of other programs
  Statistics statistics;
  std::vector<std::string> history;
};

// A stats container: /mean [d], /scatter [d, d], the root attributes count, features and details.
[[nodiscard]] StoredStatistics read_statistics(const ContainerReader& reader);
// Whether an NPZ file has an array mu or sigma.
[[nodiscard]] bool holds_statistics(const InputFile& file);
// An NPZ file with mu [d] and sigma [d, d], the covariance, as pytorch-fid writes it, and
// optionally n, the number of rows. Without n, the statistics claim more rows than d.
[[nodiscard]] StoredStatistics read_npz_statistics(const InputFile& file);

// Writes a container; or, if the name ends in .npz, an NPZ file of mu, sigma and n, which
// pytorch-fid reads. The NPZ file does not say what the features are.
void write_statistics(const std::string& file, const FeatureDescription& features,
                      const Statistics& statistics, const Provenance& provenance);

// The statistics of all rows of all files. Error(invalid) if features or dimensions differ, or if
// the number of rows of a file is not known.
[[nodiscard]] StoredStatistics merge_statistics(std::vector<StoredStatistics> parts);

}  // namespace pushforward
