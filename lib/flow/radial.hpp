// Radial flows (Rezende, Mohamed 2015, section 4.1), exact in both directions.
#pragma once

#include "flow/flow_spec.hpp"

namespace pushforward {

// encode(x) = x + beta h(r) (x - centre) with r = ||x - centre|| and h = 1 / (alpha + r), eq. 14;
// alpha = softplus(.) > 0 and beta = -alpha + softplus(.) > -alpha (appendix A.2), so the map is
// invertible whatever the parameters.
// log_det = (D - 1) log(1 + beta h) + log(1 + beta h + beta h' r). decode finds r from the distance
// of z by a quadratic equation.
[[nodiscard]] std::vector<FlowLayer> radial_layers(const FlowSpec& spec);

}  // namespace pushforward
