#include "flow/linear.hpp"

#include <cmath>

#include "base/linear_algebra.hpp"
#include "base/random.hpp"

namespace pushforward {
namespace {

// A random rotation (or reflection) q of the seed, taken apart as q[rows, :] = lower upper. Columns
// of q are negated where that makes upper's diagonal positive.
LuFactors random_rotation(int dimension, int index, std::uint64_t seed) {
  const std::size_t n = static_cast<std::size_t>(dimension);
  Matrix<double> normals = xt::zeros<double>({n, n});
  Random(seed, Stream::column_order)
      .fill_normal(normals.data(), n, n, 0, static_cast<std::uint32_t>(index));
  LuFactors factors = lu_factors(orthogonal_factor(std::move(normals)));
  for (std::size_t j = 0; j < n; ++j)
    if (factors.upper(j, j) < 0)
      for (std::size_t i = 0; i <= j; ++i) factors.upper(i, j) = -factors.upper(i, j);
  return factors;
}

class LuLinear : public Bijector {
 public:
  LuLinear(std::vector<int> order, Initializer lower, Initializer upper, Initializer log_scale)
      : order_(std::move(order)),
        lower_(std::move(lower)),
        upper_(std::move(upper)),
        log_scale_(std::move(log_scale)) {}

  [[nodiscard]] Mapped encode(Scope scope, Expr x, const Conditions&) const override {
    const Factors f = factors(scope, x.columns());
    return {matmul(gather_columns(x, order_), matmul(f.lower, f.upper)),
            broadcast(sum_columns(f.log_scale), x.rows(), 1)};
  }
  [[nodiscard]] Mapped decode(Scope scope, Expr z, const Conditions&) const override {
    const Factors f = factors(scope, z.columns());
    const Expr inverse =
        matmul(transpose(inverse_lower(transpose(f.upper))), inverse_lower(f.lower));
    return {scatter_columns(matmul(z, inverse), order_, z.columns()),
            broadcast(-sum_columns(f.log_scale), z.rows(), 1)};
  }

 private:
  struct Factors {
    Expr lower, upper, log_scale;
  };
  [[nodiscard]] Factors factors(Scope scope, int n) const {
    Graph& graph = scope.graph();
    // First, so that a file with too few parameters is refused before anything large is made.
    const Expr s = scope.parameter("log_scale", 1, n, log_scale_);
    const Expr below_diagonal = scope.parameter("lower", n, n, lower_);
    const Expr above_diagonal = scope.parameter("upper", n, n, upper_);
    const std::size_t size = static_cast<std::size_t>(n);
    std::vector<double> below(size * size, 0.0), diagonal(size * size, 0.0);
    for (std::size_t i = 0; i < size; ++i) {
      for (std::size_t j = 0; j < i; ++j) below[i * size + j] = 1;
      diagonal[i * size + i] = 1;
    }
    const Expr strict = graph.constant(n, n, below), identity = graph.constant(n, n, diagonal);
    return {below_diagonal * strict + identity,
            above_diagonal * transpose(strict) + identity * exp(s), s};
  }
  std::vector<int> order_;
  Initializer lower_, upper_, log_scale_;
};

}  // namespace

std::unique_ptr<Bijector> lu_linear(const FlowSpec& spec, int index, LinearStart start) {
  const std::vector<int>& order = spec.orders.at(static_cast<std::size_t>(index));
  if (start == LinearStart::identity || !spec.start_seed)
    return std::make_unique<LuLinear>(order, Initializer::zeros(), Initializer::zeros(),
                                      Initializer::zeros());
  const std::size_t n = order.size();
  const LuFactors f = random_rotation(static_cast<int>(n), index, *spec.start_seed);
  std::vector<double> lower(n * n, 0.0), upper(n * n, 0.0), log_scale(n, 0.0);
  for (std::size_t i = 0; i < n; ++i)
    for (std::size_t j = 0; j < n; ++j) {
      if (j < i) lower[i * n + j] = f.lower(i, j);
      if (j > i) upper[i * n + j] = f.upper(i, j);
      if (j == i) log_scale[i] = std::log(f.upper(i, i));
    }
  return std::make_unique<LuLinear>(order, Initializer::given(lower), Initializer::given(upper),
                                    Initializer::given(log_scale));
}

std::vector<std::vector<int>> rotation_orders(const std::vector<int>& lengths, std::uint64_t seed) {
  std::vector<std::vector<int>> orders;
  for (std::size_t i = 0; i < lengths.size(); ++i)
    orders.push_back(random_rotation(lengths[i], static_cast<int>(i), seed).rows);
  return orders;
}

}  // namespace pushforward
