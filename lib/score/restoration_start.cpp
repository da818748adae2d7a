#include "score/restoration_start.hpp"

#include <algorithm>
#include <cmath>
#include <xtensor/xbuilder.hpp>
#include <xtensor/xmath.hpp>
#include <xtensor/xview.hpp>

#include "base/linear_algebra.hpp"
#include "base/random.hpp"

namespace pushforward {
namespace {

constexpr std::size_t max_rows = 1000, max_numbers = std::size_t{1} << 20;
constexpr std::size_t max_fitted = 64;

// A square root of a covariance, which may be singular: V diag(sqrt(eigenvalues)).
Matrix<double> square_root(const Matrix<double>& covariance) {
  const SymmetricEigen eigen = symmetric_eigen(covariance);
  return eigen.vectors * xt::sqrt(xt::maximum(eigen.values, 0.0));
}

// The numbers that are left of a row, channel after channel.
void measure(const TrainingRows& rows, std::size_t row, double mean, double deviation,
             const Remains& remains, Vector<double>* numbers) {
  const std::size_t pixels = remains.measured.shape(1);
  for (std::size_t k = 0; k < numbers->size(); ++k) {
    const float* from = rows.values.data() + row * rows.columns + k / remains.each * pixels;
    const double* pattern = &remains.measured(k % remains.each, 0);
    double sum = 0;
    for (std::size_t p = 0; p < pixels; ++p)
      sum += (static_cast<double>(from[p]) - mean) / deviation * pattern[p];
    (*numbers)(k) = sum;
  }
}

void fit_gaussian(const TrainingRows& rows, double mean, double deviation, const Remains& remains,
                  RestorationStart* start) {
  const std::size_t count = start->count;
  const double n = static_cast<double>(rows.count());
  const auto products_of = [](const Vector<double>& v) {
    return Matrix<double>(xt::view(v, xt::all(), xt::newaxis()) * v);
  };
  Vector<double> numbers({count}, 0.0), sum = numbers;
  Matrix<double> products = xt::zeros<double>({count, count});
  for (std::size_t row = 0; row < rows.count(); ++row) {
    measure(rows, row, mean, deviation, remains, &numbers);
    sum += numbers;
    products += products_of(numbers);
  }
  start->mean = sum / n;
  start->factor = square_root(products / n - products_of(start->mean));
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
  Vector<double> numbers({start.count}, 0.0);
  start.rows.resize({kept, start.count});
  for (std::size_t i = 0; i < kept; ++i) {
    measure(rows, i * all / kept, mean, deviation, *remains, &numbers);
    xt::row(start.rows, static_cast<std::ptrdiff_t>(i)) = xt::cast<float>(numbers);
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
  Vector<double> numbers({left}, 0.0), normals = numbers;
  for (std::size_t i = 0; i < count; ++i) {
    if (law == StartLaw::rows) {
      const std::uint64_t row = random.below(start.rows.shape(0), first + i);
      numbers = xt::cast<double>(xt::row(start.rows, static_cast<std::ptrdiff_t>(row)));
    } else {
      random.fill_normal(normals.data(), 1, left, first + i);
      numbers = start.mean;
      for (std::size_t k = 0; k < left; ++k)
        for (std::size_t l = 0; l < left; ++l) numbers(k) += start.factor(k, l) * normals(l);
    }
    for (std::size_t k = 0; k < left; ++k) {
      double* to = pictures.data() + i * dimension + k / remains.each * pixels;
      const double* pattern = &remains.pictures(k % remains.each, 0);
      for (std::size_t p = 0; p < pixels; ++p) to[p] += numbers(k) * pattern[p];
    }
  }
  return pictures;
}

}  // namespace pushforward
