// Planar flows (Rezende, Mohamed 2015, section 4.1), exact in both directions.
#pragma once

#include "flow/flow_spec.hpp"

namespace pushforward {

// encode(x) = x + u^ tanh(w'x + b), eq. 10, with u^ = u + (m(w'u) - w'u) w / ||w||^2 and m(a) = -1
// + softplus(a) (appendix A.1), so that w'u^ > -1 whatever the parameters: the map is invertible.
// log_det = log(1 + w'u^ (1 - tanh^2)), eq. 12. decode finds a = w'x, the one root of the rising
// function a + w'u^ tanh(a + b) - w'z, by bisection.
[[nodiscard]] std::vector<FlowLayer> planar_layers(const FlowSpec& spec);

}  // namespace pushforward
