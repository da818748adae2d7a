// The step size of annealed Langevin dynamics that keeps a level's variance as it should be.
#pragma once

namespace pushforward {

// Technique 4 of Song and Ermon (2020): with neighbouring levels a factor `ratio` apart, `steps`
// steps a level and the lowest level `lowest`, the eps for which
// (1 - eps / L^2)^(2 steps) (ratio^2 - b) + b, b = 2 eps / (L^2 - L^2 (1 - eps / L^2)^2), is
// nearest to 1: what the variance becomes, in units of the level's, where the data do not matter.
// eps is below 2 L^2, where the walk diverges.
[[nodiscard]] double annealed_step_size(double ratio, double lowest, int steps);

}  // namespace pushforward
