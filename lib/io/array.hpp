// A typed array as stored in a file: element type, shape, row-major bytes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace pushforward {

enum class ElementType {
  uint8,
  int8,
  uint16,
  int16,
  uint32,
  int32,
  uint64,
  int64,
  float32,
  float64
};

[[nodiscard]] std::size_t element_size(ElementType type);
[[nodiscard]] const char* element_type_name(ElementType type);  // "float32", as numpy writes it

template <class T>
[[nodiscard]] constexpr ElementType element_type();  // of a C++ type

using Shape = std::vector<std::size_t>;

[[nodiscard]] std::size_t product(const Shape& shape);    // 1 for a scalar
[[nodiscard]] std::string to_string(const Shape& shape);  // "[1000, 2]"
// factor * product(shape); empty if no array can be that large.
[[nodiscard]] std::optional<std::size_t> checked_product(const Shape& shape, std::size_t factor);

struct Array {
  ElementType type = ElementType::float32;
  Shape shape;
  std::vector<std::byte> bytes;  // product(shape) * element_size(type)

  // Zeros.
  static Array make(ElementType type, Shape shape);
  // A copy of product(shape) numbers.
  template <class T>
  static Array of(const T* values, Shape shape);
  template <class T>
  static Array of(const std::vector<T>& values, Shape shape) {
    return of(values.data(), std::move(shape));
  }

  [[nodiscard]] std::size_t size() const { return product(shape); }
  [[nodiscard]] std::size_t rows() const { return shape.empty() ? 1 : shape[0]; }
  [[nodiscard]] std::size_t row_size() const { return rows() == 0 ? 0 : size() / rows(); }

  // The elements converted to T, row-major. If T is an integer, values are clamped to its range,
  // fractions are cut off, and NaN becomes 0.
  template <class T>
  [[nodiscard]] std::vector<T> to() const;
  template <class T>
  [[nodiscard]] T* data() {
    return reinterpret_cast<T*>(bytes.data());
  }
  template <class T>
  [[nodiscard]] const T* data() const {
    return reinterpret_cast<const T*>(bytes.data());
  }
};

template <>
constexpr ElementType element_type<std::uint8_t>() {
  return ElementType::uint8;
}
template <>
constexpr ElementType element_type<std::int8_t>() {
  return ElementType::int8;
}
template <>
constexpr ElementType element_type<std::uint16_t>() {
  return ElementType::uint16;
}
template <>
constexpr ElementType element_type<std::int16_t>() {
  return ElementType::int16;
}
template <>
constexpr ElementType element_type<std::uint32_t>() {
  return ElementType::uint32;
}
template <>
constexpr ElementType element_type<std::int32_t>() {
  return ElementType::int32;
}
template <>
constexpr ElementType element_type<std::uint64_t>() {
  return ElementType::uint64;
}
template <>
constexpr ElementType element_type<std::int64_t>() {
  return ElementType::int64;
}
template <>
constexpr ElementType element_type<float>() {
  return ElementType::float32;
}
template <>
constexpr ElementType element_type<double>() {
  return ElementType::float64;
}

}  // namespace pushforward
