#include "flow/base.hpp"

#include <cmath>

namespace pushforward {

std::vector<std::string> base_names() { return {"normal", "logistic"}; }

Expr base_log_density(const std::string& base, Expr z) {
  constexpr double log_two_pi = 1.83787706640934548356;
  if (base == "logistic") return sum_columns(-z - 2.0 * softplus(-z));
  return -0.5 * sum_columns(square(z)) - 0.5 * log_two_pi * z.columns();
}

template <class T>
void fill_base(const std::string& base, T* out, std::size_t rows, std::size_t columns,
               std::uint64_t seed, std::uint64_t first_row, double temperature) {
  const Random random(seed, Stream::base);
  const std::size_t count = rows * columns;
  if (base == "logistic") {
    random.fill_uniform(out, rows, columns, first_row);
    for (std::size_t i = 0; i < count; ++i) {
      const double u = static_cast<double>(out[i]);
      out[i] = static_cast<T>(std::log(u) - std::log1p(-u));
    }
  } else {
    random.fill_normal(out, rows, columns, first_row);
  }
  if (temperature != 1)
    for (std::size_t i = 0; i < count; ++i) out[i] *= static_cast<T>(temperature);
}

template void fill_base<float>(const std::string&, float*, std::size_t, std::size_t, std::uint64_t,
                               std::uint64_t, double);
template void fill_base<double>(const std::string&, double*, std::size_t, std::size_t,
                                std::uint64_t, std::uint64_t, double);

}  // namespace pushforward
