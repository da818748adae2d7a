// Masked autoregressive flows: MAF (Papamakarios et al. 2017), IAF (Kingma et al. 2016), and
// autoregressive rational-quadratic splines (Durkan et al. 2019).
#pragma once

#include "flow/flow_spec.hpp"

namespace pushforward {

// A layer maps each column by a function whose parameters depend on the columns before it in the
// layer's order. maf: z = (x - m) exp(-s), with m and a of the network and s = 5 tanh(a / 5), so
// that rows far out stay finite; decoding finds the columns one after another, at the cost of one
// pass. iaf: the same map the other way round. spline-ar: a spline in place of the affine function,
// a residual network, and an LU-linear layer before.
[[nodiscard]] std::vector<FlowLayer> maf_layers(const FlowSpec& spec);
[[nodiscard]] std::vector<FlowLayer> iaf_layers(const FlowSpec& spec);
[[nodiscard]] std::vector<FlowLayer> spline_autoregressive_layers(const FlowSpec& spec);

}  // namespace pushforward
