// What a step may ask of a model: its score, its log density, the variances it has learned.
#pragma once

#include <functional>

#include "nn/parameters.hpp"

namespace pushforward {

// Of rows x [n, D] and the deviation sigma [1, 1] or [n, 1] of the noise they hold, in the
// coordinates of a chain.
using NoisedFunction = std::function<Expr(Scope scope, Expr x, Expr sigma)>;

// Each function is empty where the model has none.
struct ScoreSource {
  // grad log p_sigma(x), where p_sigma is the data's density after noise of deviation sigma:
  // [n, D].
  NoisedFunction score;
  // log p_sigma(x) up to a constant, whose gradient the score is: [n, 1].
  NoisedFunction log_density;
  // Of a model that has learned the variances of its steps: where the logarithm of the variance of
  // a step lies between the smallest and the largest, from 0 to 1, [n, D].
  NoisedFunction variance_share;
};

}  // namespace pushforward
