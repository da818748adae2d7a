// Whole numbers 0 to 255 as a density sees them: noise fills the gap up to the next number, and a
// fixed map takes what comes of it, [0, 256], to numbers of the size that layers like.
//
// With u uniform in [0, 1), the density p of x + u gives the whole number row x the probability
// P(x) = E_u p(x + u), and E_u ln p(x + u) <= ln P(x) (Theis, van den Oord, Bethge 2016): training
// on x + u maximises a lower bound, and -ln p / (D ln 2) is bits per dimension as it stands.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "flow/bijector.hpp"
#include "io/rows.hpp"

namespace pushforward {

constexpr int eight_bit_values = 256;

// What FlowSpec::dequantization may be.
[[nodiscard]] std::vector<std::string> dequantization_names();

// Rows v [n, D] of such data with its noise. alpha > 0: logit(alpha + (1 - 2 alpha) v / 256) (Dinh
// et al. 2017, section 4.1), whose domain is wider than [0, 256] by less than 256 alpha / (1 - 2
// alpha) on either side; beyond, the log-determinant is -infinity. alpha = 0: v / 256 - 1/2.
[[nodiscard]] Mapped encode_eight_bit(Expr v, double alpha);
[[nodiscard]] Mapped decode_eight_bit(Expr y, double alpha);

// The uniform numbers behind the noise of rows [rows, columns], the first of which is row
// `first_row` of the seed; `draw` counts independent ones.
template <class T>
[[nodiscard]] std::vector<T> dequantization_uniforms(std::size_t rows, std::size_t columns,
                                                     std::uint64_t seed, std::uint64_t first_row,
                                                     std::uint32_t draw = 0);

// Adds noise in [0, 1] to rows of whole numbers. No number reaches the next whole one, rounding
// included.
template <class T>
void add_noise(const std::vector<T>& noise, std::vector<T>* rows);

// Both, for noise that is uniform itself.
template <class T>
void add_dequantization_noise(std::vector<T>* rows, std::size_t columns, std::uint64_t seed,
                              std::uint64_t first_row, std::uint32_t draw = 0);

// Error(invalid) naming file, dataset and the first row that is not made of whole numbers 0 to 255;
// the first of `rows` is row `first_row` of the reader.
template <class T>
void require_eight_bit(const std::vector<T>& rows, const RowReader& reader, std::size_t first_row);

// Decoded rows as the data they stand for: rounded down, uint8, with the numbers that lie outside
// at 0 and 255.
template <class T>
[[nodiscard]] Array eight_bit_array(const std::vector<T>& rows, const Shape& shape);

}  // namespace pushforward
