// The FID Inception network's speed.
#pragma once

#include <string>

#include "graph/plan.hpp"

namespace pushforward {

// Seconds that 16 pictures take through the network to its 2,048 features, weights random; with
// several threads, each takes 16 side by side and the time is shared out.
double inception_pictures(int threads, Products products);

// The time of every operation, 16 pictures, one thread.
std::string inception_profile();

}  // namespace pushforward
