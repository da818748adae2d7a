// An invertible linear layer, x[:, order] L U (Kingma, Dhariwal 2018, section 3.2).
#pragma once

#include "flow/flow_spec.hpp"

namespace pushforward {

enum class LinearStart { identity, rotation };

// Linear map `index` of the flow. It takes its columns in the fixed order spec.orders[index]. L is
// unit lower triangular, U upper triangular with the diagonal exp(log_scale); both are learned.
// They start from the identity, or from a random rotation of spec.start_seed, whose row permutation
// is the order (rotation_orders).
[[nodiscard]] std::unique_ptr<Bijector> lu_linear(const FlowSpec& spec, int index,
                                                  LinearStart start);

// The pivots of random rotations of the seed, one rotation for each length: the orders that go with
// them.
[[nodiscard]] std::vector<std::vector<int>> rotation_orders(const std::vector<int>& lengths,
                                                            std::uint64_t seed);

}  // namespace pushforward
