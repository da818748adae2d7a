#include "eval/feature_description.hpp"

#include "base/error.hpp"

namespace pushforward {
namespace {

constexpr const char* known_details[] = {"weights", "resize", "level", "precision"};

}  // namespace

std::string FeatureDescription::text() const {
  std::string text = name;
  for (const auto& [key, value] : details) text += ", " + key + " " + value;
  return text;
}

void require_same_features(const std::string& name_a, const FeatureDescription& a,
                           const std::string& name_b, const FeatureDescription& b) {
  if (a.name.empty() || b.name.empty()) return;
  if (a.name != b.name || a.details != b.details)
    fail_invalid(name_a + ": has features " + a.text() + ", and " + name_b + " has " + b.text() +
                 "; they should be the same");
}

FeatureDescription read_description(const ContainerReader& reader, const std::string& path) {
  FeatureDescription features{reader.text(path, "features").value_or(""), {}};
  if (features.name.empty()) return features;
  for (const char* detail : known_details)
    if (const std::optional<std::string> value = reader.text(path, detail))
      features.details.emplace_back(detail, *value);
  return features;
}

void write_description(ContainerWriter* writer, const std::string& path,
                       const FeatureDescription& features) {
  writer->set_text(path, "features", features.name);
  for (const auto& [detail, value] : features.details) writer->set_text(path, detail, value);
}

}  // namespace pushforward
