// The description of a flow: everything but its weights.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "flow/bijector.hpp"

namespace pushforward {

struct FlowSpec {
  std::string flow = "realnvp";
  int dimension = 0;
  int layers = 8;
  int hidden = 64;  // units of a conditioner's hidden layers
  int depth = 2;    // hidden layers of a conditioner
  std::string base = "normal";
};

// Upper bounds that a command line or a model file may name.
constexpr int most_layers = 1024, most_hidden = 65536, most_depth = 64, most_dimension = 1 << 20;

// One kind of flow. Adding one is one file in this room and its line in registry.cpp.
struct FlowKind {
  const char* name;
  const char* base;   // the paper's base distribution, the default
  int least_columns;  // of a row
  bool has_networks;  // looks at hidden and depth
  std::vector<std::unique_ptr<Bijector>> (*layers)(const FlowSpec& spec);
};

[[nodiscard]] const std::vector<FlowKind>& flow_kinds();
[[nodiscard]] std::vector<std::string> flow_names();
// Error(usage) where there is none of the name.
[[nodiscard]] const FlowKind& flow_kind(const std::string& name);

}  // namespace pushforward
