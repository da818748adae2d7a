// Layers that shift and scale columns to mean 0 and deviation 1.
#pragma once

#include "flow/flow_spec.hpp"

namespace pushforward {

// Activation normalisation (Kingma, Dhariwal 2018): shift and scale are learned, starting from the
// statistics of data.
[[nodiscard]] std::unique_ptr<Bijector> activation_norm();

// Batch normalisation (Dinh et al. 2017, appendix E; Papamakarios et al. 2017, appendix B): mean
// and variance are those of the rows of a training lane; outside training, those of the training
// rows as a whole, so that a row's density does not depend on the other rows. Followed by a learned
// shift and scale.
[[nodiscard]] std::unique_ptr<Bijector> batch_norm();

}  // namespace pushforward
