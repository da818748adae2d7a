#include "density/mixture_file.hpp"

#include <algorithm>
#include <charconv>

#include "base/error.hpp"
#include "io/container.hpp"
#include "io/input_file.hpp"

namespace pushforward {
namespace {

const std::string hdf5_signature = "\x89HDF\r\n\x1a\n";

bool is_text(const std::string& file) {
  if (file == "-") return false;
  return InputFile(file).bytes(0, hdf5_signature.size()) != hdf5_signature;
}

// One line of numbers separated by commas; blanks around them do not matter.
std::vector<double> parse_line(const std::string& line, const std::string& where) {
  std::vector<double> numbers;
  for (std::size_t at = 0; at <= line.size();) {
    const std::size_t comma = std::min(line.find(',', at), line.size());
    std::size_t first = at, last = comma;
    while (first < last && (line[first] == ' ' || line[first] == '\t')) ++first;
    while (last > first && (line[last - 1] == ' ' || line[last - 1] == '\t')) --last;
    double value = 0;
    const auto [end, error] = std::from_chars(line.data() + first, line.data() + last, value);
    if (error != std::errc() || end != line.data() + last)
      fail_invalid(where + ": \"" + line.substr(first, std::min<std::size_t>(last - first, 40)) +
                   "\" is not a number");
    numbers.push_back(value);
    at = comma + 1;
  }
  return numbers;
}

// Lines x numbers of a line.
Array read_text(const std::string& file) {
  const InputFile input(file);
  const std::string text = input.bytes(0, static_cast<std::size_t>(input.size()));
  std::vector<double> numbers;
  std::size_t lines = 0, columns = 0;
  for (std::size_t at = 0, number = 1; at < text.size(); ++number) {
    const std::size_t newline = std::min(text.find('\n', at), text.size());
    std::string line = text.substr(at, newline - at);
    at = newline + 1;
    if (!line.empty() && line.back() == '\r') line.pop_back();
    if (line.empty()) continue;
    const std::string where = file + ": line " + std::to_string(number);
    const std::vector<double> row = parse_line(line, where);
    if (lines > 0 && row.size() != columns)
      fail_invalid(where + ": has " + std::to_string(row.size()) +
                   " numbers, the lines before have " + std::to_string(columns));
    columns = row.size();
    numbers.insert(numbers.end(), row.begin(), row.end());
    ++lines;
  }
  if (lines == 0) fail_invalid(file + ": holds no numbers");
  return Array::of(numbers, {lines, columns});
}

// `matrices`: lines of text are square matrices.
Array read_array(const std::string& name, bool matrices, std::string* source) {
  const Location location = Location::parse(name);
  *source = location.name();
  if (!location.dataset_named && is_text(location.file)) {
    Array array = read_text(location.file);
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
        Array::of(std::vector<double>(count, 1 / static_cast<double>(count)), {count}),
        means_array, covariances_array, sources);
  }
  const Array weights_array = read_array(weights, false, &sources.weights);
  return make_mixture(weights_array, means_array, covariances_array, sources);
}

}  // namespace pushforward
