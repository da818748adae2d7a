#include <catch2/catch.hpp>
#include <cmath>
#include <limits>

#include "base/error.hpp"
#include "io/array.hpp"
#include "io/half_float.hpp"

using namespace pushforward;

TEST_CASE("conversion keeps what fits and saturates what does not") {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const Array doubles = Array::of(std::vector<double>{-1e30, -1.5, 0, 254.9, 256, 1e30, nan}, {7});
  CHECK(doubles.to<std::uint8_t>() == std::vector<std::uint8_t>{0, 0, 0, 254, 255, 255, 0});
  CHECK(doubles.to<std::int64_t>() ==
        std::vector<std::int64_t>{std::numeric_limits<std::int64_t>::min(), -1, 0, 254, 256,
                                  std::numeric_limits<std::int64_t>::max(), 0});
  const Array wide = Array::of(std::vector<std::int64_t>{-9, 127, 128, 70000}, {4});
  CHECK(wide.to<std::int8_t>() == std::vector<std::int8_t>{-9, 127, 127, 127});
  CHECK(wide.to<std::uint16_t>() == std::vector<std::uint16_t>{0, 127, 128, 65535});
  CHECK(wide.to<float>() == std::vector<float>{-9, 127, 128, 70000});
  const Array large = Array::of(std::vector<std::uint64_t>{~std::uint64_t{0}}, {1});
  CHECK(large.to<std::int64_t>()[0] == std::numeric_limits<std::int64_t>::max());
}

TEST_CASE("shapes") {
  CHECK(product({}) == 1);
  CHECK(product({3, 0, 5}) == 0);
  CHECK(to_string(Shape{1000, 2}) == "[1000, 2]");
  const Array array = Array::make(ElementType::int16, {4, 3, 2});
  CHECK(array.bytes.size() == 48);
  CHECK(array.row_size() == 6);
  CHECK_THROWS_AS(Array::make(ElementType::float64, {std::size_t{1} << 40, std::size_t{1} << 40}),
                  Error);
  CHECK_FALSE(checked_product({std::size_t{1} << 62}, 8));
  CHECK(checked_product({std::size_t{1} << 62, 0}, 8) == std::size_t{0});
}

TEST_CASE("16-bit floats are read exactly") {
  CHECK(float_from_half(0x3c00) == 1.0f);
  CHECK(float_from_half(0xc000) == -2.0f);
  CHECK(float_from_half(0x7bff) == 65504.0f);
  CHECK(float_from_half(0x0001) == std::ldexp(1.0f, -24));
  CHECK(float_from_half(0x03ff) == std::ldexp(1023.0f, -24));
  CHECK(float_from_half(0x0400) == std::ldexp(1.0f, -14));
  CHECK(std::isinf(float_from_half(0xfc00)));
  CHECK(std::isnan(float_from_half(0x7e00)));
  CHECK(float_from_bfloat16(0xbf80) == -1.0f);
}
