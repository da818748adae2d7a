#include "flow/base.hpp"

#include <algorithm>
#include <cmath>

#include "base/error.hpp"
#include "flow/rad.hpp"

namespace pushforward {
namespace {

constexpr double log_two_pi = 1.83787706640934548356, pi = 3.14159265358979323846;

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

class MixtureBase : public Base {
 public:
  MixtureBase(int dimension, int components) : dimension_(dimension), components_(components) {}

  [[nodiscard]] Expr log_density(Scope scope, Expr z) const override {
    std::vector<Expr> parts;
    for (int k = 0; k < components_; ++k) {
      const Component c = component(scope, k);
      parts.push_back(-0.5 * sum_columns(square((z - c.mean) * exp(-c.log_scale))) -
                      sum_columns(c.log_scale));
    }
    const Expr logits = weights(scope);
    return logsumexp_columns(concatenate_columns(parts) + logits) - logsumexp_columns(logits) -
           0.5 * log_two_pi * dimension_;
  }
  [[nodiscard]] int normal_columns() const override { return dimension_; }
  [[nodiscard]] int uniform_columns() const override { return 1; }
  [[nodiscard]] Expr draw(Scope scope, Expr normals, Expr uniforms,
                          double temperature) const override {
    const Expr logits = weights(scope);
    const Expr shares = exp(logits - logsumexp_columns(logits));
    Expr below = scope.graph().constant(0);  // the components before have this share together
    Expr z;
    for (int k = 0; k < components_; ++k) {
      const Component c = component(scope, k);
      const Expr row = c.mean + temperature * exp(c.log_scale) * normals;
      // The last component whose predecessors' share is below the uniform number.
      z = k == 0 ? row : select(uniforms - below, row, z);
      below = below + slice_columns(shares, k, 1);
    }
    return z;
  }

 private:
  struct Component {
    Expr mean, log_scale;  // [1, D]
  };
  [[nodiscard]] Component component(Scope scope, int k) const {
    const Scope at = scope / ("component_" + std::to_string(k));
    return {at.parameter("mean", 1, dimension_, Initializer::normal(1)),
            at.parameter("log_scale", 1, dimension_, Initializer::zeros())};
  }
  [[nodiscard]] Expr weights(Scope scope) const {
    return scope.parameter("logits", 1, components_, Initializer::zeros());
  }
  int dimension_, components_;
};

}  // namespace

std::vector<std::string> base_names() {
  return {"normal", "logistic", "student", "mixture", "rad"};
}

std::unique_ptr<Base> make_base(const FlowSpec& spec) {
  if (spec.base == "normal") return std::make_unique<NormalBase>(spec.dimension);
  if (spec.base == "logistic") return std::make_unique<LogisticBase>(spec.dimension);
  if (spec.base == "student") return std::make_unique<StudentBase>(spec.dimension);
  if (spec.base == "mixture") return std::make_unique<MixtureBase>(spec.dimension, spec.components);
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
