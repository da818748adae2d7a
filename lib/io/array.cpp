#include "io/array.hpp"

#include <cstring>
#include <limits>
#include <type_traits>

#include "base/error.hpp"

namespace pushforward {
namespace {

// Calls `use` with a null pointer of the C++ type that `type` names.
template <class Use>
auto with_type(ElementType type, Use&& use) {
  switch (type) {
    case ElementType::uint8:
      return use(static_cast<const std::uint8_t*>(nullptr));
    case ElementType::int8:
      return use(static_cast<const std::int8_t*>(nullptr));
    case ElementType::uint16:
      return use(static_cast<const std::uint16_t*>(nullptr));
    case ElementType::int16:
      return use(static_cast<const std::int16_t*>(nullptr));
    case ElementType::uint32:
      return use(static_cast<const std::uint32_t*>(nullptr));
    case ElementType::int32:
      return use(static_cast<const std::int32_t*>(nullptr));
    case ElementType::uint64:
      return use(static_cast<const std::uint64_t*>(nullptr));
    case ElementType::int64:
      return use(static_cast<const std::int64_t*>(nullptr));
    case ElementType::float32:
      return use(static_cast<const float*>(nullptr));
    case ElementType::float64:
      break;
  }
  return use(static_cast<const double*>(nullptr));
}

// See Array::to().
template <class To, class From>
To convert(From value) {
  if constexpr (std::is_floating_point_v<To>) {
    return static_cast<To>(value);
  } else if constexpr (std::is_floating_point_v<From>) {
    constexpr double low = static_cast<double>(std::numeric_limits<To>::lowest());
    constexpr double high = static_cast<double>(std::numeric_limits<To>::max());
    const double wide = static_cast<double>(value);
    if (!(wide == wide)) return To{0};
    if (wide <= low) return std::numeric_limits<To>::lowest();
    if (wide >= high) return std::numeric_limits<To>::max();
    return static_cast<To>(wide);
  } else {
    if constexpr (std::is_signed_v<From>) {
      if (value < 0) {
        if constexpr (!std::is_signed_v<To>)
          return To{0};
        else if (static_cast<std::int64_t>(value) <
                 static_cast<std::int64_t>(std::numeric_limits<To>::lowest()))
          return std::numeric_limits<To>::lowest();
        return static_cast<To>(value);
      }
    }
    if (static_cast<std::uint64_t>(value) >
        static_cast<std::uint64_t>(std::numeric_limits<To>::max()))
      return std::numeric_limits<To>::max();
    return static_cast<To>(value);
  }
}

}  // namespace

std::size_t element_size(ElementType type) {
  return with_type(type, [](auto* pointer) { return sizeof(*pointer); });
}

const char* element_type_name(ElementType type) {
  switch (type) {
    case ElementType::uint8:
      return "uint8";
    case ElementType::int8:
      return "int8";
    case ElementType::uint16:
      return "uint16";
    case ElementType::int16:
      return "int16";
    case ElementType::uint32:
      return "uint32";
    case ElementType::int32:
      return "int32";
    case ElementType::uint64:
      return "uint64";
    case ElementType::int64:
      return "int64";
    case ElementType::float32:
      return "float32";
    case ElementType::float64:
      break;
  }
  return "float64";
}

std::size_t product(const Shape& shape) {
  std::size_t result = 1;
  for (std::size_t extent : shape) result *= extent;
  return result;
}

std::optional<std::size_t> checked_product(const Shape& shape, std::size_t factor) {
  std::size_t result = factor;
  for (std::size_t extent : shape)
    if (extent == 0) return 0;
  for (std::size_t extent : shape)
    if (__builtin_mul_overflow(result, extent, &result)) return std::nullopt;
  if (result > static_cast<std::size_t>(std::numeric_limits<std::ptrdiff_t>::max()))
    return std::nullopt;
  return result;
}

std::string to_string(const Shape& shape) {
  std::string text = "[";
  for (std::size_t i = 0; i < shape.size(); ++i) {
    if (i > 0) text += ", ";
    text += std::to_string(shape[i]);
  }
  return text + "]";
}

Array Array::make(ElementType type, Shape shape) {
  const std::optional<std::size_t> bytes = checked_product(shape, element_size(type));
  if (!bytes) fail_invalid("an array of shape " + to_string(shape) + " does not fit in memory");
  Array array;
  array.type = type;
  array.shape = std::move(shape);
  array.bytes.resize(*bytes);
  return array;
}

template <class T>
Array Array::of(const T* values, Shape shape) {
  Array array = make(element_type<T>(), std::move(shape));
  if (!array.bytes.empty()) std::memcpy(array.bytes.data(), values, array.bytes.size());
  return array;
}

template <class T>
std::vector<T> Array::to() const {
  std::vector<T> result(size());
  with_type(type, [&](auto* pointer) {
    using From = std::remove_cv_t<std::remove_pointer_t<decltype(pointer)>>;
    const From* from = data<From>();
    if constexpr (std::is_same_v<From, T>) {
      if (!result.empty()) std::memcpy(result.data(), from, result.size() * sizeof(T));
    } else {
      for (std::size_t i = 0; i < result.size(); ++i) result[i] = convert<T>(from[i]);
    }
    return 0;
  });
  return result;
}

template Array Array::of(const std::uint8_t*, Shape);
template Array Array::of(const std::int8_t*, Shape);
template Array Array::of(const std::uint16_t*, Shape);
template Array Array::of(const std::int16_t*, Shape);
template Array Array::of(const std::uint32_t*, Shape);
template Array Array::of(const std::int32_t*, Shape);
template Array Array::of(const std::uint64_t*, Shape);
template Array Array::of(const std::int64_t*, Shape);
template Array Array::of(const float*, Shape);
template Array Array::of(const double*, Shape);
template std::vector<std::uint8_t> Array::to() const;
template std::vector<std::int8_t> Array::to() const;
template std::vector<std::uint16_t> Array::to() const;
template std::vector<std::int16_t> Array::to() const;
template std::vector<std::uint32_t> Array::to() const;
template std::vector<std::int32_t> Array::to() const;
template std::vector<std::uint64_t> Array::to() const;
template std::vector<std::int64_t> Array::to() const;
template std::vector<float> Array::to() const;
template std::vector<double> Array::to() const;
template std::vector<long double> Array::to() const;

}  // namespace pushforward
