// A source of the rows that fid-eval compares, read block by block.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "base/shard.hpp"
#include "eval/feature_description.hpp"
#include "io/container.hpp"

namespace pushforward {

struct FeatureBlock {
  std::vector<double> rows;    // [rows, dimension]
  std::vector<double> logits;  // [rows, logits]
};

// A set of which only the size has been read.
struct FeatureSource {
  std::string name;  // for messages
  FeatureDescription description;
  std::size_t count = 0, dimension = 0;
  Shape row_shape;         // of rows that are compared as they are; else empty
  std::size_t logits = 0;  // of a classifier, per row, for the inception score
  std::size_t block = 1;   // the number of rows that is best read at once
  std::vector<std::string> history;
  // Rows [first, first + count). To be called in ascending order, once for each row. Error(invalid)
  // names the file and the row of a number that is not finite.
  std::function<FeatureBlock(std::size_t first, std::size_t count)> read;
  // A warning after all rows were read ("12 numbers lay outside of the range"), or empty.
  std::function<std::string()> remark = [] { return std::string(); };
};

// The numbers of the rows themselves: "identity", or features that were computed before, if the
// attribute `features` of the dataset or of the file says so. Rows of any shape are flattened.
// Error(invalid) if there are fewer than two.
[[nodiscard]] FeatureSource identity_features(ContainerReader reader);

// One of several parts of a set's rows.
[[nodiscard]] FeatureSource part_of(FeatureSource source, const Shard& shard);

// Error(invalid) if there are fewer than two rows. `what` is "/x has" or "has".
void require_two_rows(const std::string& name, const std::string& what, std::size_t count);

}  // namespace pushforward
