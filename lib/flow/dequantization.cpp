#include "flow/dequantization.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "base/error.hpp"
#include "base/random.hpp"
#include "base/short_number.hpp"

namespace pushforward {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

double slope(double alpha) { return (1 - 2 * alpha) / eight_bit_values; }

}  // namespace

std::vector<std::string> dequantization_names() { return {"uniform", "variational", "none"}; }

Mapped encode_eight_bit(Expr v, double alpha) {
  Graph& graph = v.graph();
  if (alpha == 0)
    return {v / eight_bit_values - 0.5,
            broadcast(graph.constant(-v.columns() * std::log(eight_bit_values)), v.rows(), 1)};
  // Both from v, not one from the other: digits near 256 are kept.
  const Expr up = v * slope(alpha) + alpha, down = (eight_bit_values - v) * slope(alpha) + alpha;
  const Expr inside = up * down, log_up = log(up), log_down = log(down);
  const Expr log_slope = graph.constant(std::log(slope(alpha)));
  return {select(inside, log_up - log_down, graph.constant(0)),
          sum_columns(select(inside, log_slope - log_up - log_down, graph.constant(-infinity)))};
}

Mapped decode_eight_bit(Expr y, double alpha) {
  Graph& graph = y.graph();
  if (alpha == 0)
    return {(y + 0.5) * eight_bit_values,
            broadcast(graph.constant(y.columns() * std::log(eight_bit_values)), y.rows(), 1)};
  const Expr log_det = -softplus(y) - softplus(-y) - std::log(slope(alpha));
  return {(sigmoid(y) - alpha) / slope(alpha), sum_columns(log_det)};
}

template <class T>
std::vector<T> dequantization_uniforms(std::size_t rows, std::size_t columns, std::uint64_t seed,
                                       std::uint64_t first_row, std::uint32_t draw) {
  std::vector<T> uniforms(rows * columns);
  Random(seed, Stream::dequantize).fill_uniform(uniforms.data(), rows, columns, first_row, draw);
  return uniforms;
}

template <class T>
void add_noise(const std::vector<T>& noise, std::vector<T>* rows) {
  for (std::size_t i = 0; i < noise.size(); ++i) {
    T& value = (*rows)[i];
    value = std::min(value + noise[i], std::nextafter(value + 1, T(0)));
  }
}

template <class T>
void add_dequantization_noise(std::vector<T>* rows, std::size_t columns, std::uint64_t seed,
                              std::uint64_t first_row, std::uint32_t draw) {
  add_noise(dequantization_uniforms<T>(rows->size() / columns, columns, seed, first_row, draw),
            rows);
}

template <class T>
void require_eight_bit(const std::vector<T>& rows, const RowReader& reader, std::size_t first_row) {
  const auto found = std::find_if(rows.begin(), rows.end(), [](T value) {
    return !(value >= 0 && value < eight_bit_values && std::floor(value) == value);
  });
  if (found == rows.end()) return;
  const auto index = static_cast<std::size_t>(found - rows.begin());
  fail_invalid(reader.container().name() + ": " + reader.info().path + " row " +
               std::to_string(first_row + index / reader.columns()) + " holds " +
               short_number(static_cast<double>(*found), 6) +
               "; dequantization is for whole numbers from 0 to 255");
}

template <class T>
Array eight_bit_array(const std::vector<T>& rows, const Shape& shape) {
  std::vector<std::uint8_t> whole(rows.size());
  std::transform(rows.begin(), rows.end(), whole.begin(), [](T value) {
    return static_cast<std::uint8_t>(std::clamp(value, T(0), T(eight_bit_values - 1)));
  });
  return Array::of(whole, shape);
}

template std::vector<float> dequantization_uniforms(std::size_t, std::size_t, std::uint64_t,
                                                    std::uint64_t, std::uint32_t);
template std::vector<double> dequantization_uniforms(std::size_t, std::size_t, std::uint64_t,
                                                     std::uint64_t, std::uint32_t);
template void add_noise(const std::vector<float>&, std::vector<float>*);
template void add_noise(const std::vector<double>&, std::vector<double>*);
template void add_dequantization_noise(std::vector<float>*, std::size_t, std::uint64_t,
                                       std::uint64_t, std::uint32_t);
template void add_dequantization_noise(std::vector<double>*, std::size_t, std::uint64_t,
                                       std::uint64_t, std::uint32_t);
template void require_eight_bit(const std::vector<float>&, const RowReader&, std::size_t);
template void require_eight_bit(const std::vector<double>&, const RowReader&, std::size_t);
template Array eight_bit_array(const std::vector<float>&, const Shape&);
template Array eight_bit_array(const std::vector<double>&, const Shape&);

}  // namespace pushforward
