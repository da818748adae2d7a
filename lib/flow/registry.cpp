#include "base/error.hpp"
#include "flow/coupling.hpp"
#include "flow/flow_spec.hpp"
#include "flow/planar.hpp"
#include "flow/radial.hpp"

namespace pushforward {

const std::vector<FlowKind>& flow_kinds() {
  static const std::vector<FlowKind> kinds = {
      {"planar", "normal", 1, false, planar_layers},
      {"radial", "normal", 1, false, radial_layers},
      {"nice", "logistic", 2, true, nice_layers},
      {"realnvp", "normal", 2, true, real_nvp_layers},
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
