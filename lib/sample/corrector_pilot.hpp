// The step sizes of correctors, measured before rows are drawn.
#pragma once

#include "sample/moves.hpp"

namespace pushforward {

// Langevin correctors (Song et al. 2021, algorithms 4 and 5) step by e = 2 alpha (r ||z|| /
// ||s||)^2 with the norms' means over the batch, which would make a row depend on its neighbours; a
// row's own norms make e as heavy-tailed as 1 / ||s||^2, which in two dimensions has no mean. So
// the means are those of a pilot: rows of their own that make these moves, always the same ones,
// whatever is drawn afterwards. Replaces each corrector (corrector_step() in sample/step.hpp) by a
// linear move of that e. The pilot starts at centre + scale z.
void measure_correctors(const ScoreSource& source, const std::vector<double>& centre, double scale,
                        Moves* moves);

}  // namespace pushforward
