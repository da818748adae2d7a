#include "score/restoration_start.hpp"

#include <algorithm>
#include <cmath>

#include "base/linear_algebra.hpp"
#include "base/random.hpp"

namespace pushforward {
namespace {

constexpr std::size_t max_rows = 1000, max_numbers = std::size_t{1} << 20;
constexpr std::size_t max_fitted = 64;

// A square root of a covariance, which may be singular: V diag(sqrt(eigenvalues)).
std::vector<double> square_root(const Matrix<double>& covariance) {
  const SymmetricEigen eigen = symmetric_eigen(covariance);
  const Matrix<double> root = eigen.vectors * xt::sqrt(xt::maximum(eigen.values, 0.0));
  return {root.begin(), root.end()};
}

// The numbers that are left of a row, channel after channel.
void measure(const TrainingRows& rows, std::size_t row, double mean, double deviation,
             const Remains& remains, std::vector<double>* numbers) {
  const std::size_t pixels = remains.measured[0].size();
  for (std::size_t k = 0; k < numbers->size(); ++k) {
    const float* from = rows.values.data() + row * rows.columns + k / remains.each * pixels;
    const std::vector<double>& pattern = remains.measured[k % remains.each];
    double sum = 0;
    for (std::size_t p = 0; p < pixels; ++p)
      sum += (static_cast<double>(from[p]) - mean) / deviation * pattern[p];
    (*numbers)[k] = sum;
  }
}

void fit_gaussian(const TrainingRows& rows, double mean, double deviation, const Remains& remains,
                  RestorationStart* start) {
  const std::size_t count = start->count;
  const double n = static_cast<double>(rows.count());
  std::vector<double> numbers(count), sum(count);
  Matrix<double> products = xt::zeros<double>({count, count});
  for (std::size_t row = 0; row < rows.count(); ++row) {
    measure(rows, row, mean, deviation, remains, &numbers);
    for (std::size_t k = 0; k < count; ++k) {
      sum[k] += numbers[k];
      for (std::size_t l = 0; l < count; ++l) products(k, l) += numbers[k] * numbers[l];
    }
  }
  for (const double s : sum) start->mean.push_back(s / n);
  for (std::size_t k = 0; k < count; ++k)
    for (std::size_t l = 0; l < count; ++l)
      products(k, l) = products(k, l) / n - start->mean[k] * start->mean[l];
  start->factor = square_root(products);
}

}  // namespace

std::optional<RestorationStart> measure_start(const Degradation& degradation,
                                              const TrainingRows& rows, double mean,
                                              double deviation) {
  const std::optional<Remains> remains = degradation.remains();
  if (!remains) return std::nullopt;
  RestorationStart start;
  const std::size_t channels = static_cast<std::size_t>(degradation.settings().picture.channels);
  start.count = channels * remains->each;
  if (start.count == 0) return start;
  const std::size_t all = rows.count();
  const std::size_t kept =
      std::max<std::size_t>(1, std::min({max_rows, all, max_numbers / start.count}));
  std::vector<double> numbers(start.count);
  for (std::size_t i = 0; i < kept; ++i) {
    measure(rows, i * all / kept, mean, deviation, *remains, &numbers);
    for (const double number : numbers) start.rows.push_back(static_cast<float>(number));
  }
  if (start.count <= max_fitted) fit_gaussian(rows, mean, deviation, *remains, &start);
  return start;
}

std::vector<double> draw_start(const RestorationStart& start, const Degradation& degradation,
                               StartLaw law, std::uint64_t seed, std::uint64_t first,
                               std::size_t count) {
  const ImageShape& shape = degradation.settings().picture;
  const std::size_t dimension = static_cast<std::size_t>(shape.numbers());
  const std::size_t pixels = static_cast<std::size_t>(shape.pixels()), left = start.count;
  std::vector<double> pictures(count * dimension);
  if (left == 0) return pictures;
  const Remains remains = degradation.remains().value();
  const Random random(seed, Stream::init);
  std::vector<double> numbers(left), normals(left);
  for (std::size_t i = 0; i < count; ++i) {
    if (law == StartLaw::rows) {
      const std::size_t row =
          static_cast<std::size_t>(random.below(start.rows.size() / left, first + i));
      for (std::size_t k = 0; k < left; ++k)
        numbers[k] = static_cast<double>(start.rows[row * left + k]);
    } else {
      random.fill_normal(normals.data(), 1, left, first + i);
      numbers = start.mean;
      for (std::size_t k = 0; k < left; ++k)
        for (std::size_t l = 0; l < left; ++l)
          numbers[k] += start.factor[k * left + l] * normals[l];
    }
    for (std::size_t k = 0; k < left; ++k) {
      double* to = pictures.data() + i * dimension + k / remains.each * pixels;
      const std::vector<double>& pattern = remains.pictures[k % remains.each];
      for (std::size_t p = 0; p < pixels; ++p) to[p] += numbers[k] * pattern[p];
    }
  }
  return pictures;
}

}  // namespace pushforward
