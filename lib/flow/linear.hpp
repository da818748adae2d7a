// An invertible linear layer, x[:, order] L U (Kingma, Dhariwal 2018, section 3.2).
#pragma once

#include "flow/flow_spec.hpp"

namespace pushforward {

enum class LinearStart { identity, rotation };

// Linear map `index` of the flow: its columns are taken in the order spec.orders[index], of which
// there are as many, and which is fixed;
// L is unit lower triangular, U upper triangular with a diagonal exp(log_scale), both learned. They
// start from the identity, or, where spec.start_seed says how, from a random rotation: its row
// permutation then replaces the order (see rotation_orders).
[[nodiscard]] std::unique_ptr<Bijector> lu_linear(const FlowSpec& spec, int index,
                                                  LinearStart start);

// The orders that go with random rotations of the seed, of so many columns each: their pivots.
[[nodiscard]] std::vector<std::vector<int>> rotation_orders(const std::vector<int>& lengths,
                                                            std::uint64_t seed);

}  // namespace pushforward
