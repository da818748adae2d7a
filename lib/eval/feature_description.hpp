// Which features a set holds. Two sets are compared only if their features are the same.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "io/container.hpp"

namespace pushforward {

struct FeatureDescription {
  std::string name;  // "identity", "inception-2048", ...; empty where a file does not say
  std::vector<std::pair<std::string, std::string>> details;  // "resize" is "bilinear", ...

  // "inception-2048 of weights 1a2b3c4d, resize bilinear"
  [[nodiscard]] std::string text() const;
};

// Error(invalid), naming both sets, if they describe their features differently. A set that does
// not describe its features fits every other.
void require_same_features(const std::string& name_a, const FeatureDescription& a,
                           const std::string& name_b, const FeatureDescription& b);

// Stored as attributes of an object of a container: `features`, and one for each detail.
[[nodiscard]] FeatureDescription read_description(const ContainerReader& reader,
                                                  const std::string& path);
void write_description(ContainerWriter* writer, const std::string& path,
                       const FeatureDescription& features);

}  // namespace pushforward
