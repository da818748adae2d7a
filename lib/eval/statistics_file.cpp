#include "eval/statistics_file.hpp"

#include <algorithm>
#include <cmath>

#include "base/error.hpp"
#include "io/npz.hpp"
#include "io/zip.hpp"

namespace pushforward {
namespace {

constexpr double most_rows = 9007199254740992.0;  // 2^53

// mean [d] and a symmetric [d, d] of `name`, as they stand in a file.
void check_shapes(const std::string& name, const std::string& mean, const Shape& mean_shape,
                  const std::string& matrix, const Shape& matrix_shape) {
  if (mean_shape.size() != 1 || mean_shape[0] == 0)
    fail_invalid(name + ": " + mean + " has shape " + to_string(mean_shape) + ", it should be [d]");
  const Shape square = {mean_shape[0], mean_shape[0]};
  if (matrix_shape != square)
    fail_invalid(name + ": " + matrix + " has shape " + to_string(matrix_shape) +
                 ", it should be " + to_string(square));
}

std::vector<double> finite_numbers(const std::string& name, const std::string& path,
                                   const Array& array) {
  std::vector<double> values = array.to<double>();
  for (double value : values)
    if (!std::isfinite(value))
      fail_invalid(name + ": " + path + " holds a number that is not finite");
  return values;
}

// Symmetric up to `tolerance` of the largest number; made exactly so.
Matrix<double> symmetric(const std::string& name, const std::string& path,
                         const std::vector<double>& values, std::size_t d, double tolerance) {
  Matrix<double> matrix = Matrix<double>::from_shape({d, d});
  std::copy(values.begin(), values.end(), matrix.data());
  double largest = 0;
  for (double value : values) largest = std::max(largest, std::abs(value));
  for (std::size_t i = 0; i < d; ++i)
    for (std::size_t j = 0; j <= i; ++j) {
      if (std::abs(matrix(i, j) - matrix(j, i)) > tolerance * largest || matrix(i, i) < 0)
        fail_invalid(name + ": " + path + " is not a symmetric matrix with a diagonal of squares");
      matrix(i, j) = matrix(j, i) = i == j ? matrix(i, j) : (matrix(i, j) + matrix(j, i)) / 2;
    }
  return matrix;
}

std::size_t row_count(const std::string& name, const std::string& what, double count) {
  if (!(count >= 2) || count > most_rows || count != std::floor(count))
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
  std::vector<double> mean = finite_numbers(name, "/mean", reader.read("/mean"));
  const std::vector<double> scatter = finite_numbers(name, "/scatter", reader.read("/scatter"));
  Matrix<double> matrix = symmetric(name, "/scatter", scatter, mean.size(), 0);
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
  std::vector<double> mean = finite_numbers(file.name(), "mu", *mu);
  // Others compute both halves on their own.
  Matrix<double> scatter = symmetric(
      file.name(), "sigma", finite_numbers(file.name(), "sigma", *sigma), mean.size(), 1e-6);
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
  const std::size_t d = statistics.dimension();
  const Array mean = Array::of(statistics.mean(), {d});
  if (file.size() > 4 && file.compare(file.size() - 4, 4, ".npz") == 0) {
    Matrix<double> covariance = statistics.scatter();
    covariance /= static_cast<double>(statistics.count() - 1);
    const auto n = static_cast<std::int64_t>(statistics.count());
    write_npz(file, {{"/mu", mean, {}},
                     {"/sigma", Array::of(covariance.data(), {d, d}), {}},
                     {"/n", Array::of(&n, {}), {}}});
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
  writer.write("/scatter", Array::of(statistics.scatter().data(), {d, d}));
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
