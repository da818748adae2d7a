#include "eval/statistics_file.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <xtensor/xmath.hpp>

#include "base/error.hpp"
#include "base/linear_algebra.hpp"
#include "io/npz.hpp"
#include "io/tensors.hpp"
#include "io/zip.hpp"

namespace pushforward {
namespace {

constexpr double max_rows = 9007199254740992.0;  // 2^53

// Error(invalid) unless a mean is [d] and its matrix [d, d].
void check_shapes(const std::string& name, const std::string& mean, const Shape& mean_shape,
                  const std::string& matrix, const Shape& matrix_shape) {
  if (mean_shape.size() != 1 || mean_shape[0] == 0)
    fail_invalid(name + ": " + mean + " has shape " + to_string(mean_shape) + ", it should be [d]");
  const Shape square = {mean_shape[0], mean_shape[0]};
  if (matrix_shape != square)
    fail_invalid(name + ": " + matrix + " has shape " + to_string(matrix_shape) +
                 ", it should be " + to_string(square));
}

template <std::size_t N>
xt::xtensor<double, N> finite_numbers(const std::string& name, const std::string& path,
                                      const Array& array, const std::array<std::size_t, N>& shape) {
  xt::xtensor<double, N> values = tensor_of<double, N>(array, shape);
  if (!xt::all(xt::isfinite(values)))
    fail_invalid(name + ": " + path + " holds a number that is not finite");
  return values;
}

// The matrix made exactly symmetric. Error(invalid) unless it is so up to `tolerance` of its
// largest number.
Matrix<double> symmetric(const std::string& name, const std::string& path,
                         const Matrix<double>& matrix, double tolerance) {
  if (!nearly_symmetric(matrix, tolerance) || xt::any(xt::diagonal(matrix) < 0.0))
    fail_invalid(name + ": " + path + " is not a symmetric matrix with a diagonal of squares");
  return symmetric_part(matrix);
}

std::size_t row_count(const std::string& name, const std::string& what, double count) {
  if (!(count >= 2) || count > max_rows || count != std::floor(count))
    fail_invalid(name + ": " + what + " should be a whole number of at least 2 rows");
  return static_cast<std::size_t>(count);
}

}  // namespace

StoredStatistics read_statistics(const ContainerReader& reader) {
  const std::string name = reader.name();
  const FeatureDescription features = read_description(reader, "/");
  if (features.name.empty())
    fail_invalid(name + ": the attribute features is missing, it should name what was measured");
  const std::size_t count =
      row_count(name, "the attribute count", reader.number("/", "count").value_or(0));
  check_shapes(name, "/mean", reader.info("/mean").shape, "/scatter",
               reader.info("/scatter").shape);
  const std::size_t d = reader.info("/mean").shape[0];
  Vector<double> mean = finite_numbers<1>(name, "/mean", reader.read("/mean"), {d});
  Matrix<double> matrix = symmetric(
      name, "/scatter", finite_numbers<2>(name, "/scatter", reader.read("/scatter"), {d, d}), 0);
  return {name, features, count, Statistics(count, std::move(mean), std::move(matrix)),
          reader.history()};
}

bool holds_statistics(const InputFile& file) {
  const ZipReader archive(file);
  return std::any_of(archive.names().begin(), archive.names().end(), [](const std::string& name) {
    return name == "mu.npy" || name == "sigma.npy";
  });
}

StoredStatistics read_npz_statistics(const InputFile& file) {
  const std::vector<NamedArray> members = read_npz(file);
  const auto find = [&](const std::string& path) {
    const auto at = std::find_if(members.begin(), members.end(),
                                 [&](const NamedArray& one) { return one.path == path; });
    return at == members.end() ? nullptr : &at->array;
  };
  const Array *mu = find("/mu"), *sigma = find("/sigma"), *n = find("/n");
  if (mu == nullptr || sigma == nullptr)
    fail_invalid(file.name() + ": lacks the member " + (mu == nullptr ? "mu" : "sigma") +
                 "; statistics in an NPZ file are mu and sigma");
  check_shapes(file.name(), "mu", mu->shape, "sigma", sigma->shape);
  const std::size_t d = mu->size();
  Vector<double> mean = finite_numbers<1>(file.name(), "mu", *mu, {d});
  // Other programs compute both triangles, which then differ by rounding.
  Matrix<double> scatter = symmetric(file.name(), "sigma",
                                     finite_numbers<2>(file.name(), "sigma", *sigma, {d, d}), 1e-6);
  std::optional<std::size_t> count;
  if (n != nullptr) {
    if (n->size() != 1) fail_invalid(file.name() + ": n should be one number, that of the rows");
    count = row_count(file.name(), "n", n->to<double>()[0]);
  }
  const std::size_t rows = count.value_or(mean.size() + 2);
  scatter *= static_cast<double>(rows - 1);
  return {file.name(), {}, count, Statistics(rows, std::move(mean), std::move(scatter)), {}};
}

void write_statistics(const std::string& file, const FeatureDescription& features,
                      const Statistics& statistics, const Provenance& provenance) {
  const Array mean = array_of(statistics.mean());
  if (file.size() > 4 && file.compare(file.size() - 4, 4, ".npz") == 0) {
    const Matrix<double> covariance =
        statistics.scatter() / static_cast<double>(statistics.count() - 1);
    const auto n = static_cast<std::int64_t>(statistics.count());
    write_npz(
        file,
        {{"/mu", mean, {}}, {"/sigma", array_of(covariance), {}}, {"/n", Array::of(&n, {}), {}}});
    return;
  }
  if (features.name.empty())
    fail_invalid(file +
                 ": a stats container says what the features are, which these statistics "
                 "do not; an .npz file would be right");
  ContainerWriter writer(file, "stats", provenance);
  write_description(&writer, "/", features);
  writer.set_integer("/", "count", static_cast<std::int64_t>(statistics.count()));
  writer.write("/mean", mean);
  writer.write("/scatter", array_of(statistics.scatter()));
  writer.commit();
}

StoredStatistics merge_statistics(std::vector<StoredStatistics> parts) {
  for (const StoredStatistics& part : parts) {
    if (!part.count)
      fail_invalid(part.name + ": does not say of how many rows it is, which a merge needs");
    require_same_features(parts[0].name, parts[0].features, part.name, part.features);
    if (part.statistics.dimension() != parts[0].statistics.dimension())
      fail_invalid(part.name + ": rows have " + std::to_string(part.statistics.dimension()) +
                   " numbers and those of " + parts[0].name + " have " +
                   std::to_string(parts[0].statistics.dimension()) + ", they should have as many");
  }
  StoredStatistics all = std::move(parts[0]);
  for (std::size_t i = 1; i < parts.size(); ++i) {
    all.statistics.merge(parts[i].statistics);
    all.count = *all.count + *parts[i].count;
    if (all.features.name.empty()) all.features = parts[i].features;
  }
  return all;
}

}  // namespace pushforward
