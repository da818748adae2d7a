#include "io/checks.hpp"

#include <algorithm>
#include <cmath>
#include <type_traits>

#include "base/error.hpp"

namespace pushforward {
namespace {

// Index of the first number that is not finite, or n.
template <class T>
std::size_t first_bad(const T* x, std::size_t n) {
  for (std::size_t i = 0; i < n; ++i)
    if (!std::isfinite(x[i])) return i;
  return n;
}

}  // namespace

void require_finite_rows(const Array& rows, std::size_t first_row, const std::string& file,
                         const std::string& dataset) {
  const std::size_t n = rows.size();
  std::size_t bad = n;
  if (rows.type == ElementType::float32) bad = first_bad(rows.data<float>(), n);
  if (rows.type == ElementType::float64) bad = first_bad(rows.data<double>(), n);
  if (bad == n) return;
  const double value = rows.type == ElementType::float32
                           ? static_cast<double>(rows.data<float>()[bad])
                           : rows.data<double>()[bad];
  fail_invalid(file + ": " + dataset + " row " + std::to_string(first_row + bad / rows.row_size()) +
               " holds " + (std::isnan(value) ? "NaN" : "an infinity") + "; rows must be finite");
}

template <class T>
void require_finite_results(const std::vector<T>& numbers, std::size_t columns,
                            std::uint64_t first_row, const std::string& subject,
                            Infinity infinity) {
  const auto found = std::find_if(numbers.begin(), numbers.end(), [&](T value) {
    return !std::isfinite(value) &&
           !(infinity == Infinity::negative_allowed && std::isinf(value) && value < 0);
  });
  if (found == numbers.end()) return;
  const auto index = static_cast<std::size_t>(found - numbers.begin());
  fail_numerical(subject + " " + std::to_string(first_row + index / columns) +
                 " comes out as a number that is not finite" +
                 (std::is_same_v<T, float> ? "; --precision float64 may help" : ""));
}

template void require_finite_results(const std::vector<float>&, std::size_t, std::uint64_t,
                                     const std::string&, Infinity);
template void require_finite_results(const std::vector<double>&, std::size_t, std::uint64_t,
                                     const std::string&, Infinity);

void require_exactly(std::uint64_t held, std::optional<std::size_t> needed, const Shape& shape,
                     std::size_t element_size, const std::string& name) {
  const std::string its_shape = ": its shape is " + to_string(shape) + " and it holds ";
  if (!needed || *needed > held)
    fail_invalid(name + ": is cut short" + its_shape + std::to_string(held / element_size) +
                 " numbers");
  if (*needed < held)
    fail_invalid(name + ": does not end where it should" + its_shape +
                 std::to_string(held - *needed) + " bytes more");
}

void require_plain_path(const std::string& path, const std::string& file) {
  std::string shown = path.substr(0, 60);
  for (char& c : shown)
    if (static_cast<unsigned char>(c) < 32) c = ' ';
  const std::string message =
      file + ": the name \"" + shown + "\" cannot be that of a dataset, rename it";
  for (char c : path)
    if (static_cast<unsigned char>(c) < 32) fail_invalid(message);
  std::size_t begin = 0;
  while (begin <= path.size()) {
    const std::size_t end = std::min(path.find('/', begin), path.size());
    const std::string part = path.substr(begin, end - begin);
    if (part.empty() || part == "." || part == "..") fail_invalid(message);
    begin = end + 1;
  }
}

}  // namespace pushforward
