#include "flow/normalization.hpp"

#include <cmath>
#include <stdexcept>

namespace pushforward {
namespace {

constexpr double min_variance = 1e-5;  // added to variances

void set(ParameterTable* table, const std::string& name, const std::vector<double>& values) {
  const Parameter* parameter = table->find(name);
  if (parameter == nullptr) throw std::logic_error("the model has no parameter " + name);
  for (std::size_t i = 0; i < values.size(); ++i)
    table->values[parameter->offset + i] = static_cast<double>(static_cast<float>(values[i]));
}

class ActivationNorm : public Bijector {
 public:
  [[nodiscard]] Mapped encode(Scope scope, Expr x, const Conditions&) const override {
    const Parts p = parts(scope, x.columns());
    return {(x - p.shift) * exp(-p.log_scale), broadcast(-sum_columns(p.log_scale), x.rows(), 1)};
  }
  [[nodiscard]] Mapped decode(Scope scope, Expr z, const Conditions&) const override {
    const Parts p = parts(scope, z.columns());
    return {z * exp(p.log_scale) + p.shift, broadcast(sum_columns(p.log_scale), z.rows(), 1)};
  }
  [[nodiscard]] RowStatistics statistics() const override { return RowStatistics::at_start; }
  void set_statistics(const std::string& path, const std::vector<double>& mean,
                      const std::vector<double>& variance, ParameterTable* table) const override {
    std::vector<double> log_scale;
    for (const double v : variance) log_scale.push_back(0.5 * std::log(v + min_variance));
    set(table, path + "/shift", mean);
    set(table, path + "/log_scale", log_scale);
  }

 private:
  struct Parts {
    Expr shift, log_scale;
  };
  static Parts parts(Scope scope, int columns) {
    return {scope.parameter("shift", 1, columns, Initializer::zeros()),
            scope.parameter("log_scale", 1, columns, Initializer::zeros())};
  }
};

class BatchNorm : public Bijector {
 public:
  [[nodiscard]] Mapped encode(Scope scope, Expr x, const Conditions& c) const override {
    const Parts p = parts(scope, x, c);
    const Expr log_slope = p.log_scale - 0.5 * log(p.variance);
    return {(x - p.mean) * exp(log_slope) + p.shift,
            broadcast(sum_columns(log_slope), x.rows(), 1)};
  }
  [[nodiscard]] Mapped decode(Scope scope, Expr z, const Conditions&) const override {
    const Parts p = parts(scope, z, {});
    const Expr log_slope = 0.5 * log(p.variance) - p.log_scale;
    return {(z - p.shift) * exp(log_slope) + p.mean,
            broadcast(sum_columns(log_slope), z.rows(), 1)};
  }
  [[nodiscard]] RowStatistics statistics() const override { return RowStatistics::always; }
  void set_statistics(const std::string& path, const std::vector<double>& mean,
                      const std::vector<double>& variance, ParameterTable* table) const override {
    set(table, path + "/mean", mean);
    set(table, path + "/variance", variance);
  }

 private:
  struct Parts {
    Expr mean, variance, shift, log_scale;
  };
  static Parts parts(Scope scope, Expr x, const Conditions& c) {
    const int columns = x.columns();
    Expr mean = scope.parameter("mean", 1, columns, Initializer::zeros());
    Expr variance = scope.parameter("variance", 1, columns, Initializer::constant(1));
    if (c.weights.valid()) {
      const Expr share = c.weights / sum(c.weights);
      mean = matmul_transposed(share, x);
      variance = matmul_transposed(share, square(x - mean));
    }
    return {mean, variance + min_variance,
            scope.parameter("shift", 1, columns, Initializer::zeros()),
            scope.parameter("log_scale", 1, columns, Initializer::zeros())};
  }
};

}  // namespace

std::unique_ptr<Bijector> activation_norm() { return std::make_unique<ActivationNorm>(); }

std::unique_ptr<Bijector> batch_norm() { return std::make_unique<BatchNorm>(); }

}  // namespace pushforward
