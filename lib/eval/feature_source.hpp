// Where the rows that fid-eval compares come from, block by block.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "eval/feature_description.hpp"
#include "io/container.hpp"

namespace pushforward {

struct FeatureBlock {
  std::vector<double> rows;    // rows x dimension
  std::vector<double> logits;  // rows x logits
};

// A set of which nothing has been read but its size.
struct FeatureSource {
  std::string name;  // for messages
  FeatureDescription description;
  std::size_t count = 0, dimension = 0;
  Shape row_shape;         // of rows that are compared as they are; otherwise empty
  std::size_t logits = 0;  // of a classifier: numbers a row, for the inception score
  std::size_t block = 1;   // rows that are best read at once
  std::vector<std::string> history;
  // Rows [first, first + count), in rising order, each once. Error(invalid) names the file and the
  // row of a number that is not finite.
  std::function<FeatureBlock(std::size_t first, std::size_t count)> read;
  // What is to be said when all has been read ("12 numbers lay outside of the range"), or empty.
  std::function<std::string()> remark = [] { return std::string(); };
};

// The numbers of the rows themselves: "identity", or what the attribute `features` of the dataset
// or of the file says, for features that were computed before. Rows of any shape count as rows of
// their product of numbers. Error(invalid) if there are fewer than two.
[[nodiscard]] FeatureSource identity_features(ContainerReader reader);

// Error(invalid) unless there are two rows or more: `what` is "/x has" or "has".
void require_two_rows(const std::string& name, const std::string& what, std::size_t count);

}  // namespace pushforward
