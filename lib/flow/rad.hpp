// Real and discrete (RAD, Dinh, Sohl-Dickstein, Larochelle, Pascanu 2019): a map that folds the
// space, so that disconnected modes need no stretched-out bridges between them.
#pragma once

#include "flow/base.hpp"

namespace pushforward {

// Every column is folded at 0: v = |z| has a half-normal density, and which of the 2^D sides z came
// from is drawn given v by a gate network, log p(z) = log p(v) + log p(sides | v) (eq. 5). The
// gate's logit of a column is v times the network's output, so the density is continuous at the
// fold. Folds are independent given v.
[[nodiscard]] std::unique_ptr<Base> rad_base(const FlowSpec& spec);

}  // namespace pushforward
