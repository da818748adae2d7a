// The step sizes of correctors, measured before rows are drawn.
#pragma once

#include "sample/chain_target.hpp"
#include "sample/transitions.hpp"

namespace pushforward {

// Langevin correctors (Song et al. 2021, algorithms 4 and 5) step by e = 2 alpha (r ||z|| /
// ||s||)^2 with the norms' means over the batch, which would make a row depend on its neighbours; a
// row's own norms make e as heavy-tailed as 1 / ||s||^2, which in two dimensions has no mean. So
// the means are those of a pilot: rows of their own that make these transitions, always the same
// ones, whatever is drawn afterwards. Replaces each corrector (corrector_step() in sample/step.hpp)
// by a linear transition of that e. The pilot starts at centre + scale z.
void measure_correctors(const ChainTarget& target, const std::vector<double>& centre, double scale,
                        Transitions* transitions);

}  // namespace pushforward
