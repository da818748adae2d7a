// Coupling flows on vectors: NICE (Dinh, Krueger, Bengio 2015), Real NVP (Dinh, Sohl-Dickstein,
// Bengio 2017), Glow (Kingma, Dhariwal 2018), neural splines (Durkan et al. 2019). Columns of one
// parity are kept and, with the context, condition those of the other; layers alternate.
#pragma once

#include "flow/flow_spec.hpp"

namespace pushforward {

// Additive couplings and a final diagonal scale exp(s): NICE eq. 4 and section 3.3.
[[nodiscard]] std::vector<FlowLayer> nice_layers(const FlowSpec& spec);

// Its scale alone, one learned number exp(s) per column.
[[nodiscard]] std::unique_ptr<Bijector> diagonal_scale();

// Affine couplings y2 = x2 exp(s(x1)) + t(x1), with s a learned scale times tanh: Real NVP eq. 7.
[[nodiscard]] std::vector<FlowLayer> real_nvp_layers(const FlowSpec& spec);

// Steps of activation normalisation, an LU-linear map that starts at a random rotation, and an
// affine coupling: Glow section 3.
[[nodiscard]] std::vector<FlowLayer> glow_layers(const FlowSpec& spec);

// Steps of an LU-linear map that starts as a random permutation, and a coupling by monotone
// rational-quadratic splines with a residual network for a conditioner: RQ-NSF (C).
[[nodiscard]] std::vector<FlowLayer> spline_layers(const FlowSpec& spec);

}  // namespace pushforward
