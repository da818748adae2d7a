#include "density/mixture_file.hpp"

#include <algorithm>

#include "io/array_file.hpp"

namespace pushforward {
namespace {

// One line of text per component: [K, D D] becomes [K, D, D].
Array as_matrices(Array array) {
  if (array.shape.size() != 2) return array;
  std::size_t side = 1;
  while (side * side < array.shape[1]) ++side;
  if (side * side == array.shape[1]) array.shape = {array.shape[0], side, side};
  return array;
}

}  // namespace

MixtureParameters read_mixture(const std::string& weights, const std::string& means,
                               const std::string& covariances) {
  MixtureSources sources;
  const Array means_array = read_array_file(means, &sources.means);
  const Array covariances_array = as_matrices(read_array_file(covariances, &sources.covariances));
  if (weights.empty()) {
    const std::size_t count = std::max<std::size_t>(1, means_array.rows());
    return make_mixture(
        Array::of(std::vector<double>(count, 1 / static_cast<double>(count)), {count}), means_array,
        covariances_array, sources);
  }
  const Array weights_array = read_array_file(weights, &sources.weights);
  return make_mixture(weights_array, means_array, covariances_array, sources);
}

}  // namespace pushforward
