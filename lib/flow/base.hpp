// Base distributions: what a flow turns data into. Columns are independent.
#pragma once

#include <string>

#include "base/random.hpp"
#include "nn/parameters.hpp"

namespace pushforward {

[[nodiscard]] std::vector<std::string> base_names();  // "normal", "logistic"

// Log density of each row, nats: z [n, D] -> [n, 1]. Both are standard: location 0, scale 1.
[[nodiscard]] Expr base_log_density(const std::string& base, Expr z);

// Rows of noise, rows x columns, row i being row first_row + i of (seed, Stream::base); times
// `temperature`.
template <class T>
void fill_base(const std::string& base, T* out, std::size_t rows, std::size_t columns,
               std::uint64_t seed, std::uint64_t first_row, double temperature);

}  // namespace pushforward
