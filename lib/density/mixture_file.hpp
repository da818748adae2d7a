// Reads the weights, means and covariances of a mixture from files.
#pragma once

#include <string>

#include "density/gaussian_mixture.hpp"

namespace pushforward {

// Each file is a tensor container whose rows are [K], [K, D] and [K, D, D] ("-" is standard input,
// FILE:/path another dataset), or CSV with one line per component: its weight; its mean, D numbers;
// its covariance by rows, D * D numbers. Without weights (an empty name) they are equal.
// Errors name the file.
[[nodiscard]] MixtureParameters read_mixture(const std::string& weights, const std::string& means,
                                             const std::string& covariances);

}  // namespace pushforward
