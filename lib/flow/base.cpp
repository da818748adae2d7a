#include "flow/base.hpp"

#include <algorithm>
#include <cmath>

#include "base/constants.hpp"
#include "base/error.hpp"
#include "flow/rad.hpp"
#include "nn/masked_network.hpp"

namespace pushforward {
namespace {

constexpr double max_outputs = 1 << 30;  // of a network: column numbers are ints

class NormalBase : public Base {
 public:
  explicit NormalBase(int dimension) : dimension_(dimension) {}
  [[nodiscard]] Expr log_density(Scope, Expr z) const override {
    return -0.5 * sum_columns(square(z)) - 0.5 * log_two_pi * z.columns();
  }
  [[nodiscard]] int normal_columns() const override { return dimension_; }
  [[nodiscard]] int uniform_columns() const override { return 0; }
  [[nodiscard]] Expr draw(Scope, Expr normals, Expr, double temperature) const override {
    return temperature * normals;
  }

 private:
  int dimension_;
};

class LogisticBase : public Base {
 public:
  explicit LogisticBase(int dimension) : dimension_(dimension) {}
  [[nodiscard]] Expr log_density(Scope, Expr z) const override {
    return sum_columns(-z - 2.0 * softplus(-z));
  }
  [[nodiscard]] int normal_columns() const override { return 0; }
  [[nodiscard]] int uniform_columns() const override { return dimension_; }
  [[nodiscard]] Expr draw(Scope, Expr, Expr uniforms, double temperature) const override {
    return temperature * (log(uniforms) - log(1.0 - uniforms));
  }

 private:
  int dimension_;
};

class StudentBase : public Base {
 public:
  explicit StudentBase(int dimension) : dimension_(dimension) {}
  [[nodiscard]] Expr log_density(Scope scope, Expr z) const override {
    const Expr nu = degrees_of_freedom(scope);
    const Expr normaliser = log_gamma_ratio(0.5 * nu) - 0.5 * log(pi * nu);
    // The constant is beyond the last digit of any z that matters; it keeps 0 from log.
    return sum_columns(normaliser - 0.5 * (nu + 1.0) * log_one_plus(square(z) / nu + 1e-30));
  }
  [[nodiscard]] int normal_columns() const override { return 0; }
  [[nodiscard]] int uniform_columns() const override { return 2 * dimension_; }
  // Bailey (1994): sqrt(nu (u^(-2/nu) - 1)) cos(2 pi v) is exactly Student t.
  [[nodiscard]] Expr draw(Scope scope, Expr, Expr uniforms, double temperature) const override {
    const Expr nu = degrees_of_freedom(scope);
    const Expr u = slice_columns(uniforms, 0, dimension_);
    const Expr v = slice_columns(uniforms, dimension_, dimension_);
    const Expr radius = sqrt(nu * relu(exp(-2.0 * log(u) / nu) - 1.0));
    return temperature * radius * cos(2 * pi * v);
  }

 private:
  // At least 1, so that a mean exists; 8 at the start.
  [[nodiscard]] Expr degrees_of_freedom(Scope scope) const {
    const double start = std::log(std::exp(7.0) - 1);
    return 1.0 + softplus(scope.parameter("degrees_of_freedom", 1, dimension_,
                                          Initializer::constant(start)));
  }

  // log(1 + x) of x > 0, to the last digit of small x, too.
  static Expr log_one_plus(Expr x) { return softplus(log(x)); }

  // log Gamma(a + 1/2) - log Gamma(a), a > 0: eight steps of the recurrence, then Stirling's
  // series for the difference, in a form that loses nothing for large a.
  static Expr log_gamma_ratio(Expr a) {
    constexpr int steps = 8;
    Expr ratio = broadcast(a.graph().constant(0), a.rows(), a.columns());
    for (int k = 0; k < steps; ++k) ratio = ratio - log_one_plus(0.5 / (a + double(k)));
    const Expr b = a + double(steps);
    const auto tail = [](Expr x) {  // of Stirling's series
      const Expr y = reciprocal(x), y2 = square(y);
      return y * (1.0 / 12 -
                  y2 * (1.0 / 360 - y2 * (1.0 / 1260 - y2 * (1.0 / 1680 - y2 * (1.0 / 1188)))));
    };
    return ratio + b * log_one_plus(0.5 / b) - 0.5 + 0.5 * log(b) + tail(b + 0.5) - tail(b);
  }
  int dimension_;
};

// The columns one after another, each a mixture of normals whose weights, means and deviations a
// masked network makes of the columns before: the MoG of MAF MoG (Papamakarios et al. 2017).
class MixtureBase : public Base {
 public:
  explicit MixtureBase(const FlowSpec& spec)
      : dimension_(spec.dimension),
        components_(spec.components),
        net_(spec.dimension, 3 * spec.components, {spec.hidden, spec.depth, false}, 0) {}

  [[nodiscard]] Expr log_density(Scope scope, Expr z) const override {
    const Expr outputs = net_.run(scope / "net", z, Expr()).outputs + start(scope);
    const auto output = [&](int kind, int c) {
      return slice_columns(outputs, (kind * components_ + c) * dimension_, dimension_);
    };
    Expr all, weights;  // log sums over the components so far
    for (int c = 0; c < components_; ++c) {
      const Expr log_scale = bounded_log_scale(output(2, c));
      const Expr part =
          output(0, c) - log_scale - 0.5 * square((z - output(1, c)) * exp(-log_scale));
      all = c == 0 ? part : log_of_sum(all, part);
      weights = c == 0 ? output(0, c) : log_of_sum(weights, output(0, c));
    }
    return sum_columns(all - weights) - 0.5 * log_two_pi * dimension_;
  }
  [[nodiscard]] int normal_columns() const override { return dimension_; }
  [[nodiscard]] int uniform_columns() const override { return dimension_; }
  [[nodiscard]] Expr draw(Scope scope, Expr normals, Expr uniforms,
                          double temperature) const override {
    AutoregressiveWeights weights = net_.weights(scope / "net", normals.rows(), Expr());
    Expr& last = weights.biases.empty() ? weights.offset : weights.biases.back();
    last = last + start(scope);
    const Expr noise = hstack({temperature * normals, uniforms});
    const Expr z =
        autoregressive_solve(net_.network(), {0, max_log_scale, components_}, noise, weights);
    return slice_columns(z, 0, dimension_);
  }

 private:
  static Expr log_of_sum(Expr a, Expr b) { return a + softplus(b - a); }
  // Added to the outputs, which are 0 at first: means apart, or components would never differ.
  [[nodiscard]] Expr start(Scope scope) const {
    const int columns = components_ * dimension_;
    const Expr means = scope.parameter("means", 1, columns, Initializer::normal(1));
    std::vector<int> index;
    for (int j = 0; j < columns; ++j) index.push_back(columns + j);
    return scatter_columns(means, index, 3 * columns);
  }
  int dimension_, components_;
  MaskedNetwork net_;
};

}  // namespace

std::vector<std::string> base_names() {
  return {"normal", "logistic", "student", "mixture", "rad"};
}

std::unique_ptr<Base> make_base(const FlowSpec& spec) {
  if (spec.base == "normal") return std::make_unique<NormalBase>(spec.dimension);
  if (spec.base == "logistic") return std::make_unique<LogisticBase>(spec.dimension);
  if (spec.base == "student") return std::make_unique<StudentBase>(spec.dimension);
  if (spec.base == "mixture") {
    if (3.0 * spec.components * spec.dimension > max_outputs)
      fail_invalid("a mixture base of " + std::to_string(spec.components) + " components on " +
                   std::to_string(spec.dimension) + " columns is too large; use fewer components");
    return std::make_unique<MixtureBase>(spec);
  }
  if (spec.base == "rad") return rad_base(spec);
  fail_usage("no base distribution is called " + spec.base);
}

template <class T>
void fill_base_numbers(const Base& base, T* out, std::size_t rows, std::uint64_t seed,
                       std::uint64_t first_row) {
  const std::size_t normals = static_cast<std::size_t>(base.normal_columns());
  const std::size_t uniforms = static_cast<std::size_t>(base.uniform_columns());
  std::vector<T> part(rows * std::max(normals, uniforms));
  const auto place = [&](std::size_t columns, std::size_t first) {
    for (std::size_t r = 0; r < rows; ++r)
      std::copy_n(part.data() + r * columns, columns, out + r * (normals + uniforms) + first);
  };
  Random(seed, Stream::base).fill_normal(part.data(), rows, normals, first_row);
  place(normals, 0);
  Random(seed, Stream::base_uniform).fill_uniform(part.data(), rows, uniforms, first_row);
  place(uniforms, normals);
}

template void fill_base_numbers<float>(const Base&, float*, std::size_t, std::uint64_t,
                                       std::uint64_t);
template void fill_base_numbers<double>(const Base&, double*, std::size_t, std::uint64_t,
                                        std::uint64_t);

Expr draw_from_numbers(const Base& base, Scope scope, Expr numbers, double temperature) {
  const int normals = base.normal_columns(), uniforms = base.uniform_columns();
  return base.draw(scope, normals > 0 ? slice_columns(numbers, 0, normals) : Expr(),
                   uniforms > 0 ? slice_columns(numbers, normals, uniforms) : Expr(), temperature);
}

}  // namespace pushforward
