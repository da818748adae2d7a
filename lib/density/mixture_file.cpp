#include "density/mixture_file.hpp"

#include <algorithm>

#include "io/container.hpp"
#include "io/csv.hpp"

namespace pushforward {
namespace {

const std::string hdf5_signature = "\x89HDF\r\n\x1a\n";

bool is_text(const std::string& file) {
  if (file == "-") return false;
  return InputFile(file).bytes(0, hdf5_signature.size()) != hdf5_signature;
}

// `matrices`: lines of text are square matrices.
Array read_array(const std::string& name, bool matrices, std::string* source) {
  const Location location = Location::parse(name);
  *source = location.name();
  if (!location.dataset_named && is_text(location.file)) {
    CsvOptions options;
    options.type = ElementType::float64;
    Array array = read_csv(InputFile(location.file), options).find("/x")->array;
    std::size_t side = 1;
    while (side * side < array.shape[1]) ++side;
    if (matrices && side * side == array.shape[1]) array.shape = {array.shape[0], side, side};
    return array;
  }
  const ContainerReader reader(name);
  *source = reader.name() + ": " + reader.main_dataset();
  return reader.read(reader.main_dataset());
}

}  // namespace

MixtureParameters read_mixture(const std::string& weights, const std::string& means,
                               const std::string& covariances) {
  MixtureSources sources;
  const Array means_array = read_array(means, false, &sources.means);
  const Array covariances_array = read_array(covariances, true, &sources.covariances);
  if (weights.empty()) {
    const std::size_t count = std::max<std::size_t>(1, means_array.rows());
    return make_mixture(
        Array::of(std::vector<double>(count, 1 / static_cast<double>(count)), {count}), means_array,
        covariances_array, sources);
  }
  const Array weights_array = read_array(weights, false, &sources.weights);
  return make_mixture(weights_array, means_array, covariances_array, sources);
}

}  // namespace pushforward
