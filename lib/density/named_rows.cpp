#include "density/named_rows.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <xtensor/xmath.hpp>
#include <xtensor/xview.hpp>

#include "base/linear_algebra.hpp"
#include "base/random.hpp"
#include "density/banana.hpp"
#include "density/funnel.hpp"

namespace pushforward {
namespace {

class MixtureRows : public RowGenerator {
 public:
  MixtureRows(const MixtureParameters& mixture, std::uint64_t seed)
      : mixture_(mixture), seed_(seed) {
    double sum = 0;
    for (std::size_t k = 0; k < mixture.components(); ++k) {
      cumulative_.push_back(sum += mixture.weights(k));
      Matrix<double> factor = xt::view(mixture.covariances, k, xt::all(), xt::all());
      const bool zero = xt::all(xt::equal(factor, 0.0));
      if (!zero && !cholesky(&factor))
        throw std::invalid_argument("make_mixture_rows: a covariance is not positive definite");
      factors_.push_back(std::move(factor));
    }
    cumulative_.back() = 1;
  }
  [[nodiscard]] std::size_t dimension() const override { return mixture_.dimension(); }
  [[nodiscard]] int components() const override { return static_cast<int>(mixture_.components()); }
  [[nodiscard]] ColumnScales column_scales() const override {
    return pushforward::column_scales(mixture_);
  }

  void fill(double* x, std::int32_t* label, std::size_t rows,
            std::uint64_t first_row) const override {
    const std::size_t d = mixture_.dimension();
    std::vector<double> uniform(rows), normal(rows * d);
    Random(seed_, Stream::data).fill_uniform(uniform.data(), rows, 1, first_row);
    Random(seed_, Stream::data_noise).fill_normal(normal.data(), rows, d, first_row);
    for (std::size_t i = 0; i < rows; ++i) {
      const std::size_t k = static_cast<std::size_t>(
          std::upper_bound(cumulative_.begin(), cumulative_.end() - 1, uniform[i]) -
          cumulative_.begin());
      const Matrix<double>& factor = factors_[k];
      for (std::size_t j = 0; j < d; ++j) {
        double value = mixture_.means(k, j);
        for (std::size_t l = 0; l <= j; ++l) value += factor(j, l) * normal[i * d + l];
        x[i * d + j] = value;
      }
      if (label != nullptr) label[i] = static_cast<std::int32_t>(k);
    }
  }

 private:
  MixtureParameters mixture_;
  std::uint64_t seed_;
  std::vector<double> cumulative_;
  std::vector<Matrix<double>> factors_;
};

// Standard normal rows, each transformed by a map.
template <class Map>
class MappedNormalRows : public RowGenerator {
 public:
  MappedNormalRows(std::size_t dimension, std::uint64_t seed, Map map)
      : dimension_(dimension), seed_(seed), map_(map) {}
  [[nodiscard]] std::size_t dimension() const override { return dimension_; }
  void fill(double* x, std::int32_t*, std::size_t rows, std::uint64_t first_row) const override {
    Random(seed_, Stream::data).fill_normal(x, rows, dimension_, first_row);
    for (std::size_t i = 0; i < rows; ++i) map_(x + i * dimension_, dimension_);
  }

 private:
  std::size_t dimension_;
  std::uint64_t seed_;
  Map map_;
};

template <class Map>
std::unique_ptr<RowGenerator> mapped(std::size_t dimension, std::uint64_t seed, Map map) {
  return std::make_unique<MappedNormalRows<Map>>(dimension, seed, map);
}

}  // namespace

std::unique_ptr<RowGenerator> make_mixture_rows(const MixtureParameters& mixture,
                                                std::uint64_t seed) {
  return std::make_unique<MixtureRows>(mixture, seed);
}

std::unique_ptr<RowGenerator> make_gaussian_rows(std::size_t dimension, double correlation,
                                                 std::uint64_t seed) {
  // The symmetric root of (1 - r) I + r 11' is a I + b 11'.
  const double d = static_cast<double>(dimension);
  const double a = std::sqrt(1 - correlation);
  const double b = (std::sqrt(1 - correlation + d * correlation) - a) / d;
  return mapped(dimension, seed, [b, a](double* x, std::size_t count) {
    double sum = 0;
    for (std::size_t j = 0; j < count; ++j) sum += x[j];
    for (std::size_t j = 0; j < count; ++j) x[j] = a * x[j] + b * sum;
  });
}

std::unique_ptr<RowGenerator> make_funnel_rows(std::size_t dimension, std::uint64_t seed) {
  const Funnel law(static_cast<int>(dimension));
  return mapped(dimension, seed, [deviation = law.deviation()](double* x, std::size_t count) {
    x[0] *= deviation;
    const double width = std::exp(x[0] / 2);
    for (std::size_t j = 1; j < count; ++j) x[j] *= width;
  });
}

std::unique_ptr<RowGenerator> make_banana_rows(std::size_t dimension, std::uint64_t seed) {
  const Banana law(static_cast<int>(dimension));
  return mapped(dimension, seed,
                [deviation = law.deviation(), curvature = law.curvature()](double* x, std::size_t) {
                  x[0] *= deviation;
                  x[1] += curvature * x[0] * x[0];
                });
}

}  // namespace pushforward
