// Statistics of a set in a file of their own.
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
  std::optional<std::size_t> count;  // rows; NPZ files of other programs do not say
  Statistics statistics;
  std::vector<std::string> history;
};

// A stats container: /mean [d], /scatter [d, d], the root attributes count, features and details.
[[nodiscard]] StoredStatistics read_statistics(const ContainerReader& reader);
// An NPZ file with mu [d] and sigma [d, d], the covariance, as pytorch-fid writes it, and perhaps
// the number of rows, n. Without n the statistics carry a number of rows beyond d.
// The NPZ file holds one of them, otherwise arrays of something else.
[[nodiscard]] bool holds_statistics(const InputFile& file);
[[nodiscard]] StoredStatistics read_npz_statistics(const InputFile& file);

// To a container, or to an NPZ file of mu, sigma and n where the name ends in .npz, which
// pytorch-fid reads; that one does not say what the features are.
void write_statistics(const std::string& file, const FeatureDescription& features,
                      const Statistics& statistics, const Provenance& provenance);

// The statistics of all rows of all files: Error(invalid) where features or dimensions differ, or a
// file does not say its number of rows.
[[nodiscard]] StoredStatistics merge_statistics(std::vector<StoredStatistics> parts);

}  // namespace pushforward
