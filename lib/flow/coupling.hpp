// Coupling flows: NICE (Dinh, Krueger, Bengio 2015) and Real NVP (Dinh, Sohl-Dickstein, Bengio
// 2017) on vectors.
#pragma once

#include "flow/flow_spec.hpp"

namespace pushforward {

// Additive couplings and a final diagonal scale exp(s): NICE eq. 4 and section 3.3.
[[nodiscard]] std::vector<std::unique_ptr<Bijector>> nice_layers(const FlowSpec& spec);

// Affine couplings y2 = x2 exp(s(x1)) + t(x1), with s a learned scale times tanh: Real NVP eq. 7.
[[nodiscard]] std::vector<std::unique_ptr<Bijector>> real_nvp_layers(const FlowSpec& spec);

}  // namespace pushforward
