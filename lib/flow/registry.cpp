#include "base/error.hpp"
#include "flow/coupling.hpp"
#include "flow/flow_spec.hpp"

namespace pushforward {

const std::vector<FlowKind>& flow_kinds() {
  static const std::vector<FlowKind> kinds = {
      {"nice", "logistic", nice_layers},
      {"realnvp", "normal", real_nvp_layers},
  };
  return kinds;
}

std::vector<std::string> flow_names() {
  std::vector<std::string> names;
  for (const FlowKind& kind : flow_kinds()) names.emplace_back(kind.name);
  return names;
}

const FlowKind& flow_kind(const std::string& name) {
  for (const FlowKind& kind : flow_kinds())
    if (name == kind.name) return kind;
  fail_usage("no flow is called " + name);
}

}  // namespace pushforward
