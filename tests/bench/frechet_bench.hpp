// The Frechet distance in as many dimensions as Inception features have.
#pragma once

#include <cstddef>

namespace pushforward {

// Seconds of frechet_distance between two sets of `rows` rows of 2,048 numbers, their statistics at
// hand: of full rank beyond 2,048 rows. One thread.
double frechet_seconds(std::size_t rows);

}  // namespace pushforward
