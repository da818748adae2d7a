// Births and deaths of particles: how mass moves without crossing the space between.
#pragma once

#include <cstdint>
#include <vector>

namespace pushforward {

// What one round did. Particle i is from now on a copy of particle parent[i]; most are their own.
struct Generation {
  std::vector<std::size_t> parent;
  std::uint64_t births = 0, deaths = 0;  // before the count was made what it was
};

// A round of births and deaths among particles whose fitness is f (Mroueh, Rigotti 2020): with
// b = f - mean f, a particle is duplicated with probability 1 - exp(-rate b) where b > 0, and
// killed with probability 1 - exp(rate b) where b < 0. Then their count is made what it was: too
// many, and a random choice of all is dropped; too few, and a random choice is duplicated, none
// twice before all are. A survivor keeps its place; the places that fell free are filled in order.
// A function of (fitness, rate, seed, round).
[[nodiscard]] Generation births_and_deaths(const std::vector<double>& fitness, double rate,
                                           std::uint64_t seed, std::uint32_t round);

}  // namespace pushforward
